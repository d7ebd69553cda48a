/** Options of one widget. Each is an attribute too: `data-max-length` on the script tag, `max-length` on the element. */
export interface Config {
  /** Where questions are posted. Default `/api/chat`. */
  endpoint?: string;
  /** What a question's body looks like. Default `openai`: `{ id, messages: [{ role, content }] }`. */
  requestFormat?: "openai" | "ai-sdk" | "n8n";
  /** Goes out with every question as `metadata`. `setContext` changes it. */
  context?: { [name: string]: unknown };
  /** Request headers, sent with every question. */
  headers?: Record<string, string>;
  /** Credentials mode of the requests. Default `same-origin`. */
  credentials?: "same-origin" | "include" | "omit";
  /** The window's title. Default `AI Assistant`. */
  title?: string;
  /** First line the visitor sees; never sent. Default `Hi! How can I help you today?`. */
  greeting?: string;
  /** Text in the empty composer. Default `Ask me anything...`. */
  placeholder?: string;
  /** When the app is fetched: when the page is idle, when the visitor shows intent, or at once. Default `idle`. */
  preload?: "idle" | "intent" | "eager";
  /** In a corner, behind a launcher (default `bubble`), or a part of the page, always open (`inline`). */
  mode?: "bubble" | "inline";
  /** What an inline window fills: a CSS selector, or the element itself. Without one it stays where its own element is. */
  container?: string | Element;
  /** CSS selector of what on the page opens and closes the window. */
  trigger?: string;
  /** Corner of the page. Default `bottom-right`. */
  position?: "bottom-right" | "bottom-left";
  /** Any CSS colour. */
  accent?: string;
  /** Light or dark. Default `auto`: what the visitor's system says. */
  theme?: "auto" | "light" | "dark";
  /** The widget's language, such as `pt-BR`. Default `auto`: the page's, else the visitor's. */
  locale?: string;
  /** Texts in your own words, by the names in `locales/en.json`: `{ send_message: "Go!" }`. Counts have a form per plural category. */
  strings?: Record<string, string | { [category: string]: string }>;
  /** Questions to begin with. */
  suggestions?: string[];
  /** Open the window when the page loads. Default `false`. */
  open?: boolean;
  /** `false` hides the launcher; open the window with `open()`. Default `true`. */
  launcher?: boolean;
  /** Where the conversation is kept on the visitor's device. Default `local`. */
  storage?: "local" | "session" | "none";
  /** Key of the stored conversation. Default `chat-history`. */
  storageKey?: string;
  /** Identity that scopes the stored conversation. */
  user?: string;
  /** How many messages are kept. Default 50. */
  maxMessages?: number;
  /** For how many days they are kept. Default 7. */
  maxAgeDays?: number;
  /** How many recent messages go out with a question. Default 10. */
  contextMessages?: number;
  /** Characters of one message. Default 1000. */
  maxLength?: number;
  /** Link offered when the assistant is unavailable. */
  contactUrl?: string;
  /** Where the contact form is posted when the assistant is unavailable. */
  contactEndpoint?: string;
  /** Receives error reports; never a visitor's words. */
  errorEndpoint?: string;
  /** `auto`: events go to `window.gtag` when the page has it. Default `auto`. */
  analytics?: "auto" | "none";
  /** A soft sound tells of an answer that the window does not show. Default `false`. */
  sound?: boolean;
  /** Says on the console, in plain words, what is wrong around the widget. Default `false`. */
  debug?: boolean;
}

/** A message of the conversation. */
export interface Message {
  id: string;
  role: "user" | "assistant";
  content: string;
  /** Milliseconds since 1970. */
  timestamp: number;
}

/** Nothing. */
export type Empty = { [name: string]: never };

/** What each event carries. The same events reach the page as `natter:NAME` on the element, bubbling. */
export interface Events {
  ready: Empty;
  open: Empty;
  close: Empty;
  minimize: Empty;
  expand: Empty;
  sent: { message: Message };
  /** `response_time` in milliseconds. */
  received: { message: Message; response_time: number };
  error: { code: string; message: string; retryable: boolean };
  unread: { count: number };
  /** `value`: null takes the rating back. */
  feedback: { messageId: string; value: "good" | "bad" | null; comment?: string };
  clear: Empty;
  stop: Empty;
  contact: Empty;
}

/** Options to change; `null` stands for the default. */
export type Changes = { [K in keyof Config]?: Config[K] | null };

/** One widget. Calls made before its app has loaded wait and run in order. */
export interface Handle {
  open(): void;
  close(): void;
  toggle(): void;
  /** Shrinks the window to its header. */
  minimize(): void;
  expand(): void;
  /** Sends `text` as the visitor's message. */
  send(text: string): void;
  /** Stops the running reply and keeps what has arrived. */
  stop(): void;
  /** Forgets the conversation. */
  clear(): void;
  /** Calls `listener` at each event; the result stops that. */
  on<K extends keyof Events>(event: K, listener: (detail: Events[K]) => void): () => void;
  /** Changes some options; `null` sets one back to its default. */
  update(config: Changes): void;
  /**
   * Shows this person's conversation at once; `null`: nobody's. An answer that is arriving is stopped. The conversation and
   * the draft of the person before stay on the device under their key, and out of sight, in all tabs.
   */
  setUser(id: string | null): void;
  /** Goes out with every question as `metadata` from now on; `null` sends none. */
  setContext(context: { [name: string]: unknown } | null): void;
  /** The conversation so far; empty before the app has loaded. */
  getMessages(): Message[];
  /** Takes the widget off the page, with its listeners and timers. */
  destroy(): void;
  /** Settles when the app is on the page. It stays pending while loading fails: the next click tries again. */
  readonly ready: Promise<void>;
}

type Callable = Pick<Natter, Exclude<keyof Natter, "on" | "push" | "ready">>;
type Listening = { [K in keyof Events]: [method: "on", event: K, listener: (detail: Events[K]) => void] };

/** A call as data: `["send", "Hello"]`. */
export type Call =
  | { [K in keyof Callable]: [method: K, ...args: Parameters<Callable[K]>] }[keyof Callable]
  | Listening[keyof Events];

/** `window.Natter`: makes widgets, and is itself a handle of the page's first one. */
export interface Natter extends Handle {
  mount(config?: Config): Handle;
  /** Runs a call; `(window.Natter = window.Natter || []).push(["open"])` works before the script has run, too. */
  push(...calls: Call[]): void;
}

/** The `<natter-chat>` element. */
export interface NatterChatElement extends HTMLElement {
  /** Changes the options that are named. */
  set options(config: Changes);
  readonly handle: Handle;
}

/** Puts a widget on the page. */
export function mount(config?: Config): Handle;
/** Defines `<natter-chat>`. */
export function defineElement(): void;

declare global {
  interface Window {
    Natter?: Natter | Call[];
  }
  interface HTMLElementTagNameMap {
    "natter-chat": NatterChatElement;
  }
}

// What `cargo xtask build` puts in, and the contract with the app (docs/architecture.md).

/** The launcher as rendered by the Yew view: `["button", {"class": "launcher"}, [child, …]]`; a string is a text node. */
type Tree = string | [tag: string, attributes: Record<string, string>, children: Tree[]];

declare const LAUNCHER_TREE: Tree;
declare const LAUNCHER_CSS: string;
declare const ANSWER_CSS: string;
/** Integrity of natter-app.js and natter-app.wasm. */
declare const APP_INTEGRITY: string;
declare const WASM_INTEGRITY: string;
/** Integrity of natter-debug.js. */
declare const DEBUG_INTEGRITY: string;
/** Integrity of natter-extra.js. */
declare const EXTRA_INTEGRITY: string;

/** Integrity of locales/index.json, which has that of each language. */
declare const LOCALES_INTEGRITY: string;

/** The element of a widget. */
interface Host extends HTMLElement {
  /** The page's own opener that was pressed last; the loader puts it here. */
  pressed?: HTMLElement;
}

/** What natter-extra.js registers under `Symbol.for("natter.extra")`. */
interface ExtraFile {
  /** Gives what is below `root` its looks; with options also, once, the window its grip. */
  finish(root: HTMLElement, options?: [string, string][]): void;
  /** Colours the code below `root`, and forgets that of what is gone. */
  colour(root: HTMLElement): void;
  /** Says on the console what is wrong with a call. */
  judge(call: "on" | "send", ...args: unknown[]): void;
  /** Watches the page's own openers of a widget. */
  trigger(host: Host, selector: string): void;
  /** Makes a sound, unless another tab does. */
  chime(root: HTMLElement): void;
  /** Says what is wrong with a call: with `on` if something is, with `send` what. */
  judge(call: "on" | "send", ...args: unknown[]): void;
  /** Has the page's openers say what they are. */
  trigger(host: Host, selector: string): void;
  /** Lets the widget take part in what all tabs show. */
  share(shared: Shared): void;
  /** The answer that another tab gets. Where there is no such tab, or it goes, the body breaks. */
  join(shared: Shared, init: AppRequest): Promise<Response>;
}

/** A request of the app, as `fetch` takes it, and more. */
interface AppRequest extends RequestInit {
  /** Empty: what another tab gets is wanted. */
  url: string;
  /** The id of the answer that comes of it; empty when none does. */
  reply: string;
}

/** A widget as natter-extra.js knows it. */
interface Shared {
  host: HTMLElement;
  root: HTMLElement;
  /** The latest ones, as written. */
  options: [string, string][];
  instance: AppInstance;
  /** The answer that this tab has asked for last. */
  told?: { id: string; copy: Promise<Response | void> };
}

/** What the app has others do: an extra by its name, or a request. */
type Extra = (name: "finish" | "chime" | "ask", about: HTMLElement | AppRequest) => unknown;

/** What natter-debug.js registers under `Symbol.for("natter.debug")`: tells what goes wrong around this widget and its files. */
type Debug = (host: HTMLElement, options: Record<string, string>, files: string[]) => void;

/** One mounted app: the part of the public handle that the app carries out. After `destroy` nothing may be called on it. */
interface AppInstance
  extends Pick<
    import("./npm/natter.js").Handle,
    "open" | "close" | "toggle" | "minimize" | "expand" | "stop" | "clear" | "getMessages" | "destroy"
  > {
  send(text: unknown): void;
  /** The loader has done it already: this says what is wrong with it. */
  on(event: string, listener: unknown): void;
  /** Takes the complete options, not the changed ones alone. */
  update(options: [string, string][]): void;
  /** Takes what is unread for read. */
  read(): void;
  /** The conversation as "Copy conversation" gives it. */
  markdown(): string;
}

/** The files of dist/, by their names there. */
interface Files {
  url(name: string, integrity: string): string;
  /** Loads a script; what it registers is there when the promise resolves. */
  script(name: string, integrity: string): Promise<unknown>;
}

/** What natter-app.js registers under `Symbol.for("natter.app")`. */
interface App {
  /** Settles when the app can be mounted, and, unless that takes long, when the words for `host` are there. */
  start(wasm: Promise<Response>, host: HTMLElement, options: Record<string, string>, files: Files): Promise<void>;
  mount(host: HTMLElement, root: HTMLElement, options: [string, string][]): AppInstance;
}

/** The glue that wasm-bindgen writes for natter-widget (feature `bundle`). */
declare module "natter-glue" {
  export function imports(): WebAssembly.Imports;
  export function begin(instance: WebAssembly.Instance, module: WebAssembly.Module): void;
  /** `options` are names and values as `AppInstance` takes them, in JSON. */
  export function mount(host: HTMLElement, root: HTMLElement, options: string, extra: Extra): Instance;
  interface Instance extends Omit<AppInstance, "update"> {
    update(options: string): void;
  }
}

/** What natter.mjs may ask for, written out by `cargo xtask build` so that bundlers see it. */
declare module "natter-files" {
  export const scripts: Record<string, () => Promise<unknown>>;
  export function urls(): Record<string, URL>;
}

// Not in TypeScript's own DOM types.
interface Window {
  trustedTypes?: {
    createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
  };
}
interface Navigator {
  connection?: { saveData?: boolean; effectiveType?: string };
}

// All tabs of a site show one conversation. What is stored they have from the storage; what is not stored yet, and what one
// of them does for all, goes through here.

import { openLine, type Line } from "./line.js";
import { listener, type Listener, type Wish } from "./listener.js";
import { drawMenu } from "./menu.js";
import { forget, placeOf } from "./own.js";
import { teller, type Teller, type Telling } from "./teller.js";
import type { NatterChatElement } from "./npm/natter.js";

/** What one tab does for all. */
interface Deed {
  /** The answer of this id was stopped. */
  stop?: string | undefined;
  /** The history was cleared. */
  clear?: true;
  /** The answer of this id was seen, or, when it is empty, all that was unread. */
  read?: string;
  /** The answer of this id was told of by a sound. */
  rung?: string;
  /** Somebody else uses the site now, or nobody. */
  user?: string;
  /** All that is kept was removed. */
  forget?: true;
}

type Message = Wish | Telling | Deed;

export interface Tabs {
  join(init: AppRequest): Promise<Response>;
  /** Whether this tab is the one to make a sound. */
  rings(): Promise<boolean>;
  /** Removes what is kept, in all tabs. */
  forget(): void;
}

const known = new WeakMap<HTMLElement, Tabs>();

/** The widget's part in it, from the first call on until the widget is destroyed. */
export function tabsOf(shared: Shared): Tabs {
  const { root } = shared;
  let tabs = known.get(root);
  if (!tabs) known.set(root, (tabs = start(shared)));
  return tabs;
}

/** Whether the widget in `root` is the one to make a sound. */
export async function rings(root: HTMLElement): Promise<boolean> {
  return (await known.get(root)?.rings()) ?? true;
}

function start(shared: Shared): Tabs {
  const { host, root, instance } = shared;
  let place = placeOf(shared.options);
  let line: Line<Message> | undefined;
  let telling: { of: Shared["told"]; teller: Teller } | undefined;
  let heard: Listener | undefined;
  /** What this tab had asked for last when it began to listen. */
  let before: Shared["told"];
  /** Ids of the latest answers that were seen, and told of by a sound, in another tab. */
  let read: string | undefined;
  let rung: string | undefined;
  /** Whether another tab cleared the history, so that it need not be told of that. */
  let told = false;
  const ending = new AbortController();

  const post = (message: Message) => line?.post(message);
  /** Whose answer is, or was last, on its way here: another tab's, or this one's own. */
  const theirs = () => (before === shared.told ? heard : undefined);
  const latest = () => theirs()?.id ?? shared.told?.id;
  const seen = () => {
    const open = document.visibilityState === "visible" && root.querySelector('[data-shows="open"]');
    if (open) post({ read: latest() ?? "" });
  };

  const hear = (message: Message) => {
    if ("wish" in message) {
      const of = shared.told;
      if (of?.id !== message.wish) return;
      if (telling?.of !== of) telling = { of, teller: teller(of.copy, post) };
      telling.teller.tell(message.to, message.known);
    } else if ("telling" in message) heard?.hear(message);
    else if (message.forget) clear();
    else if (message.user !== undefined) (host as NatterChatElement).handle.setUser(message.user || null);
    else if (message.rung) rung = message.rung;
    else if (message.read !== undefined) {
      read = message.read;
      instance.read();
    } else if (message.clear) {
      if (!instance.getMessages().length) return;
      told = true;
      instance.clear();
    } else if (message.stop === latest()) instance.stop();
  };

  const open = () => {
    if (place.shared) line ??= openLine(place.key, hear);
  };
  const left = () => place.key + "#left";
  const close = () => {
    telling?.teller.leave();
    heard?.lose();
    line?.close();
    line = telling = undefined;
  };

  const leave = () => {
    // Who comes next in this tab need not wait for this one to answer. Another widget here may be who asked.
    if (line && shared.told && !theirs() && root.querySelector("[data-do=stop]")) keep(left(), shared.told.id);
    close();
  };

  const clear = () => forget(shared, place).then(() => menu.say());

  const { signal } = ending;
  // The page may be kept as it is, to be shown again: an open line would prevent that.
  addEventListener("pagehide", leave, { signal });
  addEventListener("pageshow", open, { signal });

  const on = <T>(name: string, act: (detail: T) => void) =>
    host.addEventListener("natter:" + name, (event) => act((event as CustomEvent<T>).detail), { signal });
  let deed: Deed | undefined;
  on("stop", () => {
    deed = { stop: latest() };
    // Clearing stops first, and says so right behind.
    queueMicrotask(() => {
      if (deed) post(deed);
      deed = undefined;
    });
  });
  on("received", seen);
  on("clear", () => {
    deed = undefined;
    if (!told) post({ clear: true });
    told = false;
  });
  on("unread", ({ count }: { count: number }) => {
    if (!count) post({ read: "" });
    else if (read && read === latest()) instance.read();
  });

  const { update, destroy } = instance;
  instance.update = (options) => {
    update.call(instance, options);
    const old = place;
    const next = placeOf(options);
    if (next.key === old.key && next.shared === old.shared) return;
    // Who leaves, leaves in all tabs.
    if (old.user && old.user !== next.user && old.base === next.base) post({ user: next.user });
    close();
    place = next;
    heard = undefined;
    open();
  };
  instance.destroy = () => {
    destroy.call(instance);
    leave();
    ending.abort();
  };

  const tabs: Tabs = {
    join({ reply, signal }) {
      before = shared.told;
      heard = listener(reply, signal, post, seen);
      if (!line || kept(left()) === reply) heard.lose();
      return heard.response;
    },
    async rings() {
      const id = latest();
      // The tab that asked goes first, any other a little later.
      if (theirs()) await new Promise((resolve) => setTimeout(resolve, 600 + Math.random() * 600));
      if (!id || rung === id || read === id) return !id;
      post({ rung: id });
      return true;
    },
    forget() {
      post({ forget: true });
      clear();
    },
  };
  open();
  const menu = drawMenu(shared, tabs.forget, signal);
  return tabs;
}

/** Keeps a text for as long as the tab is open. */
function keep(key: string, text: string): void {
  try {
    sessionStorage.setItem(key, text);
  } catch {
    // It saves a moment, no more.
  }
}

/** What was kept, once. */
function kept(key: string): string | null {
  try {
    const text = sessionStorage.getItem(key);
    sessionStorage.removeItem(key);
    return text;
  } catch {
    return null;
  }
}

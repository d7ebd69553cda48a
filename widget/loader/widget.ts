// One widget on the page: draws the launcher, decides when the app is needed, keeps what was asked meanwhile, hands over.
// A function with local state and not a class: minified, `this.#field` is several times the size of a variable.

import { draw, dress, launcherSheet } from "./launcher.js";
import { whenIdle } from "./load.js";
import type { Events, Handle } from "./npm/natter.js";
import { merge, ofElement, type Options } from "./options.js";

/** What a widget needs from the page around it. */
export interface Page {
  /** The app, and the words for `host` with it. */
  load(host: HTMLElement, options: Options): Promise<App>;
  appeared(handle: Handle): void;
  left(handle: Handle): void;
  destroyed(handle: Handle): void;
}

export interface Widget {
  handle: Handle;
  /** The element came to the page. */
  connected(): void;
  /** The element left the page, or is being moved within it. */
  disconnected(): void;
}

export const COMMANDS = ["open", "close", "toggle", "minimize", "expand", "send", "stop", "clear"] as const;
export type Command = (typeof COMMANDS)[number];
/** What the app is told: the commands, and what the page listens to. */
type Call = Command | "on";

export function createWidget(host: Host, page: Page): Widget {
  const shadow = host.attachShadow({ mode: "open" });
  /** Options from the script tag or from JavaScript; they win over attributes of the element. */
  let given: Options = {};
  /** There while the element is on the page. */
  let root: HTMLElement | undefined;
  let app: AppInstance | undefined;
  let calls: [Call, ...unknown[]][] = [];
  let needed = false;
  let loading = false;
  /** Ends what waits for the app. */
  let waiting = new AbortController();
  /** Ends what the page listens to. */
  const listening = new AbortController();
  let nowReady: () => void;
  const ready = new Promise<void>((resolve) => (nowReady = resolve));

  const options = () => ({ ...ofElement(host), ...given });

  const changed = () => {
    if (!root) return;
    const now = options();
    dress(root, now);
    app?.update(Object.entries(now));
    if (now.mode === "inline") load();
  };
  const attributes = new MutationObserver(changed);

  /** Shows whether a click waits. */
  const busy = (busy: boolean) => {
    const launcher = root?.querySelector("button");
    launcher?.setAttribute("aria-busy", String(busy));
    launcher?.part.toggle("loading", busy);
    root?.querySelector("p")?.remove();
  };

  const load = async () => {
    if (!root || app || loading) return;
    loading = true;
    try {
      const { mount } = await page.load(host, options());
      // It may have left the page meanwhile, and may be back with another root.
      if (!root) return;
      const mounted = mount(host, root, Object.entries(options()));
      // A listener of `natter:ready` may have destroyed it by now.
      if (!root) return mounted.destroy();
      app = mounted;
    } catch (error) {
      busy(false);
      // Whoever asked for the chat learns that it does not come.
      if (needed) root?.append(draw(["p", { class: "failed", role: "alert" }, ["The chat was not loaded. Please try again."]]));
      const detail: Events["error"] = { code: "load_failed", message: String(error), retryable: true };
      host.dispatchEvent(new CustomEvent("natter:error", { detail, bubbles: true, composed: true }));
      return;
    } finally {
      loading = false;
    }
    waiting.abort();
    const missed = calls;
    calls = [];
    for (const [command, ...args] of missed) call(command, ...args);
    nowReady();
  };

  const call = (command: Call, ...args: unknown[]) => {
    if (app) (app[command] as (...args: unknown[]) => void)(...args);
    else if (!listening.signal.aborted) {
      calls.push([command, ...args]);
      // These change nothing in an app that is not there; they wait without fetching it.
      if (/close|minimize|stop|on/.test(command)) return;
      needed = true;
      load();
    }
  };

  /** The page's own opener was pressed. Gone with the first press is what a link would have done. */
  const press = (event: Event) => {
    const { trigger } = options();
    let opener;
    try {
      opener = trigger && event.composedPath().find((at) => (at as Element).matches?.(trigger));
    } catch {
      // It is no selector: the app says so.
    }
    if (opener) {
      event.preventDefault();
      host.pressed = opener as HTMLElement;
      call(app ? "toggle" : "open");
    }
  };

  const wait = (root: HTMLElement, { open = "false", mode, preload }: Options) => {
    const { signal } = (waiting = new AbortController());
    // Once each: where loading fails, only a click tries again.
    for (const type of ["pointerover", "focusin", "touchstart"]) {
      root.addEventListener(type, load, { signal, passive: true, once: true });
    }
    const click = () => {
      busy(true);
      call("open");
    };
    root.addEventListener("click", click, { signal });
    if (needed || open !== "false" || mode === "inline" || preload === "eager") load();
    else if (preload !== "intent") whenIdle(load, signal);
  };

  const stop = () => {
    waiting.abort();
    attributes.disconnect();
    document.removeEventListener("click", press);
    app?.destroy();
    root?.remove();
    app = root = undefined;
    page.left(handle);
  };

  const handle: Handle = {
    ...(Object.fromEntries(COMMANDS.map((name) => [name, call.bind(null, name)])) as Pick<Handle, Command>),
    on(event, listener) {
      const type = "natter:" + event;
      const heard = (event: Event) => listener((event as CustomEvent).detail);
      host.addEventListener(type, heard, { signal: listening.signal });
      // For the app to judge.
      call("on", event, listener);
      return () => host.removeEventListener(type, heard);
    },
    update(config) {
      given = merge(given, config);
      changed();
    },
    setUser: (user) => handle.update({ user: user ?? "" }),
    setContext: (context) => handle.update({ context }),
    getMessages: () => app?.getMessages() ?? [],
    destroy() {
      stop();
      listening.abort();
      host.remove();
      page.destroyed(handle);
    },
    ready,
  };

  return {
    handle,
    connected() {
      if (listening.signal.aborted) return host.remove();
      // Already drawn: it was moved.
      if (root) return;
      root = document.createElement("div");
      root.className = "natter";
      // All words before the app, which knows other languages.
      root.lang = "en";
      dress(root, options());
      if (options().launcher !== "false" && options().mode !== "inline") root.append(draw(LAUNCHER_TREE));
      shadow.adoptedStyleSheets = [launcherSheet()];
      shadow.append(root);
      attributes.observe(host, { attributes: true });
      document.addEventListener("click", press);
      wait(root, options());
      page.appeared(handle);
    },
    disconnected() {
      // Not at once: Turbo puts what is to stay into the new body a few microtasks after it took it out of the old one.
      setTimeout(() => {
        if (host.isConnected) return;
        // Not taken away itself, but with the whole page, as by React when it draws a page anew.
        if (host.matches("html>*")) document.documentElement.append(host);
        else stop();
      });
    },
  };
}

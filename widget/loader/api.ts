// What the page can call: `window.Natter`, one for all script tags and modules of a page.

import { create, define } from "./element.js";
import { appLoader } from "./load.js";
import type { Call, Config, Handle, Natter, NatterChatElement } from "./npm/natter.js";
import type { Options } from "./options.js";
import { COMMANDS, type Command } from "./widget.js";

export interface Loader {
  natter: Natter;
  /** Puts the widget of a script tag on the page; a second tag with the same options adds nothing. */
  tag(options: Options): void;
}

/** The page's loader; `files` counts for the first one to ask. */
export function loader(files: () => Files): Loader {
  const key = Symbol.for("natter.loader");
  const page = globalThis as { [key]?: Loader };
  return (page[key] ??= createLoader(files()));
}

function createLoader(files: Files): Loader {
  /** Those on the page, in the order of their coming. */
  const handles = new Set<Handle>();
  const tags = new Map<string, NatterChatElement>();
  /** Calls on `Natter` itself that wait for a first widget. */
  let early: ((handle: Handle) => void)[] = [];

  const first = (use: (handle: Handle) => void) => {
    const [handle] = handles;
    if (handle) use(handle);
    else early.push(use);
  };

  const mount = (options: object = {}) => {
    const element = create(options);
    attach(element);
    return element.handle;
  };

  const natter: Natter = {
    mount,
    ...(Object.fromEntries(
      [...COMMANDS, "update" as const, "setUser" as const, "setContext" as const, "destroy" as const].map((name) => [
        name,
        (...args: unknown[]) => first((handle) => (handle[name] as (...args: unknown[]) => void)(...args)),
      ]),
    ) as Pick<Handle, Command | "update" | "setUser" | "setContext" | "destroy">),
    on(event, listener) {
      let stopped = false;
      let off = () => {};
      first((handle) => {
        if (!stopped) off = handle.on(event, listener);
      });
      return () => {
        stopped = true;
        off();
      };
    },
    getMessages: () => [...handles][0]?.getMessages() ?? [],
    get ready() {
      return new Promise<void>((resolve) => first((handle) => resolve(handle.ready)));
    },
    push(...calls: Call[]) {
      for (const [name, ...args] of calls) {
        const method = natter[name] as unknown;
        if (typeof method === "function") method(...args);
        else console.error(`Natter: there is no call "${name}". There are: ${Object.keys(natter).join(", ")}.`);
      }
    },
  };

  define({
    load: appLoader(files),
    appeared(handle) {
      handles.add(handle);
      for (const use of early.splice(0)) use(handle);
    },
    left(handle) {
      handles.delete(handle);
    },
    destroyed(handle) {
      for (const [key, element] of tags) if (element.handle === handle) tags.delete(key);
    },
  });

  return {
    natter,
    tag(options) {
      const key = JSON.stringify(Object.entries(options).sort());
      let element = tags.get(key);
      if (!element) tags.set(key, (element = create(options as Config)));
      attach(element);
    },
  };
}

/**
 * Puts the element behind the body, when there is one. There it stays where it is when navigation replaces the body or
 * what is in it, no transform of the body moves it, and no element of the page with the same z-index covers it.
 */
function attach(element: NatterChatElement): void {
  const { body, documentElement } = document;
  if (!body) document.addEventListener("DOMContentLoaded", () => attach(element), { once: true });
  else if (!element.isConnected) {
    // What it would have from the body.
    element.lang = body.lang;
    element.dir = body.dir;
    documentElement.append(element);
  }
}

// natter-app.js: registers the app. It runs before or after the loader, whichever the page brings first.

import { begin, imports, mount } from "natter-glue";
import { loadScript } from "./script.js";
import { ask } from "./words.js";

/** How long, in ms, the window waits for its words before it opens in English and changes later. */
const PATIENCE = 2000;

/** This script's own tag, which is known only while it first runs. */
const own = document.currentScript as HTMLScriptElement | null;
let started: Promise<unknown> | undefined;
let fetched: Promise<ExtraFile> | undefined;

/** Uses natter-extra.js, beside this file, and fetches it first if it is not there. */
const extra = <T>(use: (extra: ExtraFile) => T | Promise<T>): Promise<T> => {
  const url = (own?.src ?? "").replace(/natter-app\.js.*/, "natter-extra.js?" + EXTRA_INTEGRITY.slice(7, 15));
  fetched ??= loadScript("natter-extra", url, EXTRA_INTEGRITY, own?.nonce).then(() => Reflect.get(globalThis, Symbol.for("natter.extra")));
  const used = fetched.then(use);
  used.catch((error: unknown) => {
    fetched = undefined;
    console.warn(`Natter: code is not coloured, no sound is made, and tabs do not follow each other (${error}).`);
  });
  return used;
};

/** For how long, in ms, a request goes on that the app has no more use for, so that other tabs hear the end of it. */
const END = 20;

/** Makes a request for the app. What comes of it is kept a second time, for other tabs. */
const request = (shared: Shared, init: AppRequest): Promise<Response> => {
  if (!init.url) return extra((extra) => extra.join(shared, init));
  const ending = new AbortController();
  init.signal?.addEventListener("abort", () => setTimeout(() => ending.abort(), END));
  const response = fetch(init.url, { ...init, signal: ending.signal });
  if (init.reply) shared.told = { id: init.reply, copy: response.then((response) => response.clone()).catch(() => {}) };
  return response;
};

/** The module in `response`. As it arrives only from a server that calls it by its type, since browsers insist on that. */
const instantiate = async (response: Response) => {
  const named = response.headers.get("content-type") == "application/wasm";
  const { instance, module } = named
    ? await WebAssembly.instantiateStreaming(response, imports())
    : await WebAssembly.instantiate(await response.arrayBuffer(), imports());
  begin(instance, module);
};

const app: App = {
  async start(wasm, host, options) {
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
    const words = Promise.race([ask(host, options).done, late]);
    // The first response is instantiated; after a failure the next one may succeed.
    started ??= wasm.then(instantiate).catch((error: unknown) => {
      started = undefined;
      throw error;
    });
    await started;
    await words;
  },
  mount(host, root, options) {
    const shared = { host, root, options } as Shared;
    const answer = () => ask(host, Object.fromEntries(shared.options));
    /** The options behind the words, so that what the owner wrote wins; `strings` is in the words. */
    const inWords = () => {
      const { words, refused } = answer();
      root.lang = words ? words.lang : "en";
      root.dir = words ? words.dir : "";
      return JSON.stringify([...(words ? words.options : []), ...shared.options.filter(([name]) => name !== "strings" || refused)]);
    };
    const instance = mount(host, root, inWords(), (name, about) =>
      name === "ask" ? request(shared, about as AppRequest) : extra((extra) => extra[name](about as HTMLElement)),
    );
    const update = instance.update.bind(instance);
    const follow = (options: Shared["options"]) => {
      shared.options = options;
      const { settled, done } = answer();
      if (!settled) done.then(() => shared.options === options && update(inWords()));
    };
    follow(options);
    // Safari has none.
    (globalThis.requestIdleCallback ?? setTimeout)(() => extra((extra) => extra.share(shared)));
    return (shared.instance = Object.assign(instance, {
      update(options: Shared["options"]) {
        follow(options);
        update(inWords());
      },
    }));
  },
};

Reflect.set(globalThis, Symbol.for("natter.app"), app);

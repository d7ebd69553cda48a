// natter-app.js: registers the app. It runs before or after the loader, whichever the page brings first.

import { begin, imports, mount } from "natter-glue";
import { contain } from "./container.js";
import { dist, settle } from "./place.js";
import { followScheme } from "./scheme.js";
import { ask } from "./words.js";

/** How long, in ms, the window waits for its words before it opens in English and changes later. */
const PATIENCE = 2000;

let started: Promise<unknown> | undefined;
let fetched: Promise<ExtraFile> | undefined;

/** Uses natter-extra.js, and fetches it first if it is not there. */
const extra = <T>(use: (extra: ExtraFile) => T | Promise<T>): Promise<T> => {
  fetched ??= dist.script("natter-extra.js", EXTRA_INTEGRITY).then(() => Reflect.get(globalThis, Symbol.for("natter.extra")));
  const used = fetched.then(use);
  used.catch((error: unknown) => {
    fetched = undefined;
    console.warn(`Natter: answers look plain, no sound is made, and tabs do not follow each other (${error}).`);
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
  async start(wasm, host, options, files) {
    settle(files);
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
    const words = Promise.race([ask(host, options).done, late]);
    // The first response is instantiated; after a failure the next one may succeed.
    started ??= wasm.then(instantiate).catch((error: unknown) => {
      started = undefined;
      throw error;
    });
    await started;
    await words;
    // What is pressed right now stays until it is let go, or there would be no click.
    while (host.shadowRoot?.querySelector(":active")) await new Promise(requestAnimationFrame);
  },
  mount(host, root, options) {
    /** All but the container, which may be no text, and is seen to here. */
    const texts = () => options.filter(([name]) => name !== "container");
    const shared = { host, root, options: texts() } as Shared;
    const answer = () => ask(host, Object.fromEntries(shared.options));
    /** The options behind the words, so that what the owner wrote wins; `strings` is in the words. */
    const inWords = () => {
      const { words, refused } = answer();
      root.lang = words ? words.lang : "en";
      root.dir = words ? words.dir : "";
      const own = shared.options.filter(([name]) => name !== "strings" || refused);
      return JSON.stringify([...(words ? words.options : []), ...own]);
    };
    const made = new Promise((resolve) => host.addEventListener("natter:ready", resolve, { once: true }));
    const instance = mount(host, root, inWords(), (name, about) =>
      name === "ask" ? request(shared, about as AppRequest) : extra((extra) => extra[name](about as HTMLElement)),
    );
    const leave = followScheme(host, root);
    let watched = "";
    const watch = (trigger = "") => {
      // Those that were watched before have to be told.
      if (watched || trigger) extra((extra) => extra.trigger(host, trigger));
      watched = trigger;
    };
    // Tab may lead to something that the window hides: then it makes room for it (WCAG 2.4.11).
    root.addEventListener("focusout", ({ relatedTarget: to }) => {
      // Not before the page has scrolled there.
      setTimeout(() => {
        if (!(to instanceof Element) || root.contains(to) || !root.querySelector("[data-shows=open]")) return;
        const { x, y, width, height } = to.getBoundingClientRect();
        if (document.elementFromPoint(x + width / 2, y + height / 2) == host) instance.minimize();
      });
    });
    const [update, send, destroy] = [instance.update.bind(instance), instance.send.bind(instance), instance.destroy.bind(instance)];
    const follow = () => {
      const named = Object.fromEntries(options);
      const latest = (shared.options = texts());
      contain(host, named);
      watch(named.trigger);
      const { settled, done } = answer();
      if (!settled) done.then(() => shared.options === latest && update(inWords()));
    };
    follow();
    // Now, when the window is usable, and not with the first answer, which would be plain for a moment.
    made.then(() => void extra((extra) => extra.finish(root, shared.options)));
    // Safari has none.
    (globalThis.requestIdleCallback ?? setTimeout)(() => extra((extra) => extra.share(shared)));
    return (shared.instance = Object.assign(instance, {
      update(changed: Shared["options"]) {
        options = changed;
        follow();
        update(inWords());
      },
      // The loader listens; wrong calls are judged beside the app, since few are.
      on: (...call: unknown[]) => void extra((extra) => extra.judge("on", ...call)),
      send: (text: unknown) => void (typeof text === "string" ? send(text) : extra((extra) => extra.judge("send", text))),
      destroy() {
        leave();
        watch();
        destroy();
        // The colours of what was in it go, too, once Yew has taken it away.
        if (fetched) setTimeout(() => extra((extra) => extra.colour(root)));
      },
    }));
  },
};

Reflect.set(globalThis, Symbol.for("natter.app"), app);

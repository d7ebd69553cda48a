// natter-app.js: registers the app. It runs before or after the loader, whichever the page brings first.

import { begin, imports, mount } from "natter-glue";
import { dist, settle } from "./place.js";
import { followScheme } from "./scheme.js";
import { ask } from "./words.js";

/** How long, in ms, the window waits for its words before it opens in English and changes later. */
const PATIENCE = 2000;

let started: Promise<unknown> | undefined;
let fetched: Promise<unknown> | undefined;

/** Does what natter-extra.js is for, and fetches it first if it is not there. A failure is tried again. */
const extra: Extra = (name, root, options) => {
  fetched ??= dist.script("natter-extra.js", EXTRA_INTEGRITY);
  fetched
    .then(() => Reflect.get(globalThis, Symbol.for("natter.extra"))[name](root, options))
    .catch((error: unknown) => {
      fetched = undefined;
      console.warn(`Natter: answers look plain, and no sound is made (${error}).`);
    });
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
  },
  mount(host, root, options) {
    let latest = options;
    const answer = () => ask(host, Object.fromEntries(latest));
    /** The options behind the words, so that what the owner wrote wins; `strings` is in the words. */
    const inWords = () => {
      const { words, refused } = answer();
      root.lang = words ? words.lang : "en";
      root.dir = words ? words.dir : "";
      return JSON.stringify([...(words ? words.options : []), ...latest.filter(([name]) => name !== "strings" || refused)]);
    };
    const instance = mount(host, root, inWords(), extra);
    const update = instance.update.bind(instance);
    const destroy = instance.destroy.bind(instance);
    const leave = followScheme(host, root);
    // Tab may lead to something that the window hides: then it makes room for it (WCAG 2.4.11).
    root.addEventListener("focusout", ({ relatedTarget: to }) => {
      // Not before the page has scrolled there.
      setTimeout(() => {
        if (!(to instanceof Element) || root.contains(to) || !root.querySelector("[data-shows=open]")) return;
        const { x, y, width, height } = to.getBoundingClientRect();
        if (document.elementFromPoint(x + width / 2, y + height / 2) == host) instance.minimize();
      });
    });
    const follow = (options: typeof latest) => {
      latest = options;
      const { settled, done } = answer();
      if (!settled) done.then(() => latest === options && update(inWords()));
    };
    follow(options);
    // Now, when the window is usable, and not with the first answer, which would be plain for a moment.
    extra("finish", root, Object.fromEntries(options));
    return Object.assign(instance, {
      update(options: typeof latest) {
        follow(options);
        update(inWords());
      },
      destroy() {
        leave();
        destroy();
      },
    });
  },
};

Reflect.set(globalThis, Symbol.for("natter.app"), app);

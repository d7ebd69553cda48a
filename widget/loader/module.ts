// natter.mjs: the same as an ES module. Importing it does nothing, so that a server can.

import { loader } from "./api.js";
import type { Config, Handle } from "./npm/natter.js";

// Written out as `new URL("…", import.meta.url)`: bundlers know this form and take the files along.
const page = () =>
  loader(() => ({
    js: new URL("./natter-app.js", import.meta.url).href,
    wasm: new URL("./natter-app.wasm", import.meta.url).href,
    debug: new URL("./natter-debug.js", import.meta.url).href,
  }));

export function defineElement(): void {
  page();
}

export function mount(config?: Config): Handle {
  return page().natter.mount(config);
}

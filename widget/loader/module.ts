// natter.mjs: the same as an ES module. Importing it does nothing, so that a server can.

import { scripts, urls } from "natter-files";
import { loader } from "./api.js";
import type { Config, Handle } from "./npm/natter.js";

const page = () =>
  loader(() => {
    const known = urls();
    return {
      url: (name, integrity) => {
        const url = known[name];
        // Where a bundler kept the file's name, it tells builds apart; else it does no harm.
        if (url) url.search = integrity.slice(7, 15);
        return url ? url.href : name;
      },
      script: (name) => scripts[name]!(),
    };
  });

export function defineElement(): void {
  page();
}

export function mount(config?: Config): Handle {
  return page().natter.mount(config);
}

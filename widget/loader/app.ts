// natter-app.js: registers the app. It runs before or after the loader, whichever the page brings first.

import init, { mount } from "natter-glue";

let started: Promise<unknown> | undefined;

const app: App = {
  async start(wasm) {
    // The first response is instantiated; after a failure the next one may succeed.
    started ??= init({ module_or_path: wasm }).catch((error: unknown) => {
      started = undefined;
      throw error;
    });
    await started;
  },
  mount,
};

Reflect.set(globalThis, Symbol.for("natter.app"), app);

// Loads the app: natter-app.js and natter-app.wasm at the same time, not one after the other.

import type { Page } from "./widget.js";

const registered = <T>(name: string): T | undefined => Reflect.get(globalThis, Symbol.for("natter." + name));

/** A function that loads the app once. After a failure the next call tries again. */
export function appLoader(files: Files): Page["load"] {
  let loading: Promise<App> | undefined;
  const wasm = () => files.url("natter-app.wasm", WASM_INTEGRITY);

  /** What a script of ours registers; it is fetched unless it is there already. */
  const get = async <T>(name: string, integrity: string): Promise<T> => {
    if (!registered(name)) await files.script(`natter-${name}.js`, integrity);
    return registered<T>(name)!;
  };

  const load: Page["load"] = async (host, options) => {
    const response = fetch(wasm(), { integrity: WASM_INTEGRITY });
    // Until the app takes it over, nobody listens; a failure is reported below all the same.
    response.catch(() => {});
    const app = await get<App>("app", APP_INTEGRITY);
    await app.start(response, host, options, files);
    return app;
  };

  return async (host, options) => {
    // Before anything that it could tell of; the app does without it.
    if ((options.debug ?? "false") !== "false") {
      const own = [files.url("natter-app.js", APP_INTEGRITY), wasm()];
      (await get<Debug>("debug", DEBUG_INTEGRITY).catch(console.warn))?.(host, options, own);
    }
    return (loading ??= load(host, options).catch((error: unknown) => {
      loading = undefined;
      console.error(`Natter: the chat was not loaded (${error}). data-debug tells more.`);
      throw error;
    }));
  };
}

/** Calls `then` when the page has loaded and has nothing to do, unless the visitor saves data or the line is slow. */
export function whenIdle(then: () => void, signal: AbortSignal): void {
  const { connection } = navigator;
  if (connection?.saveData || /2g/.test(connection?.effectiveType ?? "")) return;
  // Safari has none.
  const idle = () => (window.requestIdleCallback ?? setTimeout)(() => signal.aborted || then());
  if (document.readyState === "complete") idle();
  else addEventListener("load", idle, { once: true, signal });
}

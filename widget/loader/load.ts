// Loads the app: natter-app.js as a script with integrity, and natter-app.wasm at the same time, not after it.

import { loadScript } from "./script.js";
import type { Page } from "./widget.js";

/** Where the app's files are. */
export interface Files {
  js: string;
  wasm: string;
  /** Nonce of the loader's own tag, for a policy that allows scripts by nonce. */
  nonce?: string;
}

const registered = (): App | undefined => Reflect.get(globalThis, Symbol.for("natter.app"));

/** A function that loads the app once. After a failure the next call tries again. */
export function appLoader(files: Files): Page["load"] {
  let loading: Promise<App> | undefined;
  // The hash in the address keeps a cached file of another build from meeting this loader.
  const js = files.js + "?" + APP_INTEGRITY.slice(7, 15);
  const wasm = files.wasm + "?" + WASM_INTEGRITY.slice(7, 15);

  const load: Page["load"] = async (host, options) => {
    const response = fetch(wasm, { integrity: WASM_INTEGRITY });
    // Until the app takes it over, nobody listens; a failure is reported below all the same.
    response.catch(() => {});
    if (!registered()) await loadScript("natter", js, APP_INTEGRITY, files.nonce);
    const app = registered();
    if (!app) throw js + " is not the app";
    await app.start(response, host, options);
    return app;
  };

  return (host, options) =>
    (loading ??= load(host, options).catch((error: unknown) => {
      loading = undefined;
      console.error(
        `Natter: the chat was not loaded (${error}). Check that ${js} and ${wasm} can be fetched, are of the same build as natter.js, ` +
          "have CORS headers if on another origin, and pass the Content-Security-Policy ('wasm-unsafe-eval', " +
          "connect-src). The next click tries again.",
      );
      throw error;
    }));
}

/** Calls `then` when the page has loaded and has nothing to do, unless the visitor saves data or the line is slow. */
export function whenIdle(then: () => void, signal: AbortSignal): void {
  const { connection } = navigator;
  if (connection?.saveData || /2g/.test(connection?.effectiveType ?? "")) return;
  const run = () => signal.aborted || then();
  const idle = () => {
    // Safari has none.
    if ("requestIdleCallback" in window) requestIdleCallback(run, { timeout: 5000 });
    else setTimeout(run, 200);
  };
  if (document.readyState === "complete") idle();
  else addEventListener("load", idle, { once: true, signal });
}

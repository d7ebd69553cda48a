// natter.js: the script tag. Runs as a classic script with defer, async, inserted late, from another origin, twice.

import { loader } from "./api.js";
import { ofScript } from "./options.js";
import { ownTag } from "./script.js";

// Without a tag that runs this, one is looked for.
const script = ownTag() ?? document.querySelector<HTMLScriptElement>('script[src*="natter.js"]');

const { natter, tag } = loader(() => {
  const beside = (name: string) => new URL(name, script?.src || document.baseURI).href;
  return { js: beside("natter-app.js"), wasm: beside("natter-app.wasm"), debug: beside("natter-debug.js"), nonce: script?.nonce ?? "" };
});

const calls = window.Natter;
window.Natter = natter;
const options = script ? ofScript(script) : {};
if (options.mount !== "none") tag(options);
if (Array.isArray(calls)) natter.push(...calls);

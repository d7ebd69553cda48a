// natter.js: the script tag. Runs as a classic script with defer, async, inserted late, from another origin, twice.

import { loader } from "./api.js";
import { ofScript } from "./options.js";
import { beside } from "./script.js";

// Null when a bundler or `type="module"` runs this: then the tag is looked for.
const script = (document.currentScript ?? document.querySelector('script[src*="natter.js"]')) as HTMLScriptElement | null;

const { natter, tag } = loader(() => beside(script));

const calls = window.Natter;
window.Natter = natter;
const options = script ? ofScript(script) : {};
if (options.mount !== "none") tag(options);
if (Array.isArray(calls)) natter.push(...calls);

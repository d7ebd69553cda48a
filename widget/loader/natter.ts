// natter.js: the script tag. Runs as a classic script with defer, async, inserted late, from another origin, twice.

import { loader } from "./api.js";
import { ofScript } from "./options.js";
import { beside, ownTag } from "./script.js";

// Without a tag that runs this, one is looked for.
const script = ownTag() ?? document.querySelector<HTMLScriptElement>('script[src*="natter.js"]');

const { natter, tag } = loader(() => beside(script));

const calls = window.Natter;
window.Natter = natter;
const options = script ? ofScript(script) : {};
if (options.mount !== "none") tag(options);
if (Array.isArray(calls)) natter.push(...calls);

// What the page's Content-Security-Policy refuses.

import type { Events } from "../npm/natter.js";
import { isEndpoint, isFile, nameOf } from "./ours.js";
import { say } from "./say.js";

const refused = new Set<string>();

/** Whether the policy refused a request to this address. */
export const isRefused = (url: string): boolean => refused.has(url.replace(/#.*/, ""));

/** Where a policy names it: the page's own origin has a word. */
const source = (url: string) => (new URL(url).origin === location.origin ? "'self'" : new URL(url).origin);

/** The name under which the policy has it, or would have it: script-src stands for script-src-elem, and so on. */
function directive({ effectiveDirective, originalPolicy }: SecurityPolicyViolationEvent): string {
  return originalPolicy.includes(effectiveDirective) ? effectiveDirective : effectiveDirective.replace(/-(elem|attr)$/, "");
}

const compiling = (name: string): [what: string, cure: string] => [
  "WebAssembly, so the chat cannot start",
  `add 'wasm-unsafe-eval' to ${name}`,
];

/** What was refused and what would allow it; nothing when it is not the widget's affair. */
function trouble(event: SecurityPolicyViolationEvent): [what: string, cure: string] | undefined {
  const { blockedURI } = event;
  const name = directive(event);
  if (blockedURI === "wasm-eval") return compiling(name);
  if (isEndpoint(blockedURI)) {
    return [`requests to ${blockedURI}, so questions do not leave the page`, `add ${source(blockedURI)} to ${name}`];
  }
  if (isFile(blockedURI)) return [nameOf(blockedURI), `add ${source(blockedURI)} to ${name}`];
  if (/natter/i.test(event.sourceFile ?? "")) return [`${blockedURI} in ${event.sourceFile}`, `look at ${name}`];
  return undefined;
}

function tell(verb: string, [what, cure]: [what: string, cure: string]): void {
  say(`The page's Content-Security-Policy ${verb} ${what}: ${cure}.`);
}

/** Tells of what is refused from now on. */
export function watchPolicy(): void {
  document.addEventListener("securitypolicyviolation", (event) => {
    if (event.disposition === "enforce") refused.add(event.blockedURI);
    const found = trouble(event);
    if (found) tell(event.disposition === "enforce" ? "refuses" : "would refuse", found);
  });
  // Safari reports no breach for WebAssembly; that it was refused is in the error only.
  document.addEventListener("natter:error", (event) => {
    const { message } = (event as CustomEvent<Events["error"]>).detail;
    if (message.includes("wasm-unsafe-eval")) tell("refuses", compiling("script-src"));
  });
}

/** Tells of styles for this widget that were refused before anybody listened. */
export function checkStyles(host: HTMLElement): void {
  const inTag = host.hasAttribute("style") && !host.style.length;
  const sheets = [...document.querySelectorAll("style")].filter((style) => /natter/.test(style.textContent ?? ""));
  if (inTag || sheets.some((style) => !style.sheet)) {
    const what = inTag ? "the style attribute of <natter-chat>" : "a <style> of the page that is for the widget";
    say(`The page's Content-Security-Policy refuses ${what}: move it to a .css file, which style-src 'self' allows.`);
  }
}

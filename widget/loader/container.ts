// Where an inline window is.

import type { Options } from "./options.js";

/** Puts an inline window into its container. Behind the body, where the loader put it, it would be no part of the page. */
export function contain(host: HTMLElement, { mode, container }: Options): void {
  if (mode !== "inline" || (!container && host.parentNode !== document.documentElement)) return;
  try {
    const place = typeof container === "object" ? (container as Element) : document.querySelector(container ?? "body")!;
    if (!place.contains(host)) place.append(host);
  } catch {
    console.warn(`Natter: container="${container}" is not on the page. It takes a CSS selector.`);
  }
}

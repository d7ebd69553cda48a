// What a mounted widget has to do with the page around it.

import type { Options } from "./options.js";

const EVENTS = "ready, open, close, minimize, expand, sent, received, error, unread, clear, feedback, stop, contact";

/** Puts an inline window into its container. Behind the body, where the loader put it, it would be no part of the page. */
export function settle(host: HTMLElement, { mode, container }: Options): void {
  if (mode !== "inline" || (!container && host.parentNode !== document.documentElement)) return;
  try {
    const place = typeof container === "object" ? (container as Element) : document.querySelector(container ?? "body")!;
    if (!place.contains(host)) place.append(host);
  } catch {
    console.warn(`Natter: container="${container}" is not on the page. It takes a CSS selector.`);
  }
}

/** Has wrong arguments of calls told on the console, where otherwise something would fail later, or never run. */
export function judge(instance: AppInstance): void {
  const wrong = (what: string) => console.error("Natter: " + what);
  instance.on = (event, listener) => {
    if (!EVENTS.split(", ").includes(event)) wrong(`there is no event "${event}". There are ${EVENTS}.`);
    else if (typeof listener !== "function") wrong(`on("${event}") takes a function, not ${listener}.`);
  };
  const send = instance.send.bind(instance);
  instance.send = (text) => (typeof text === "string" ? send(text) : wrong(`send() takes a text, not ${text}.`));
}

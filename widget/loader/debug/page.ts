// Where the widget stands.

import { checkStyles } from "./policy.js";
import { say } from "./say.js";

/** Tells what keeps this widget from being seen. */
export function checkPage(host: HTMLElement): void {
  if (document.body?.localName !== "body") {
    say(
      `The page has ${document.body ? "a <frameset>" : "nothing"} in the place of its <body>, where the widget would show: ` +
        "put the script tag into a page that has one.",
    );
  }
  checkStyles(host);
}

// Endpoints that send the question elsewhere.

import { say } from "./say.js";
import { ask, type Asked } from "./watch.js";

export function tellRedirect(from: string, to: string): void {
  say(
    `${from} sends the question on to ${to}. On the way it may become a GET and lose its text: write the last address as ` +
      "endpoint, or see that visitors need not sign in for it.",
  );
}

/** Whether the endpoint redirects to where the page may not look; tells so. */
export async function redirects({ url, init }: Asked): Promise<boolean> {
  const credentials = init.credentials ?? "same-origin";
  const answer = await ask(url, { method: "HEAD", redirect: "manual", credentials }).catch(() => undefined);
  const found = answer?.type === "opaqueredirect";
  if (found) {
    say(
      `${url} sends the question on to an address that the page may not read, often a page to sign in: see that visitors ` +
        "need not sign in for it, or write the last address as endpoint.",
    );
  }
  return found;
}

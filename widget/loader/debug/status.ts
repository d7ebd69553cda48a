// Answers that say by their status that something is set up wrong.

import { say } from "./say.js";
import type { Asked } from "./watch.js";

const MEANINGS: Record<number, string> = {
  401: "wants to know who asks: see that visitors need not sign in for it, or set headers or credentials",
  403: "forbids the question: does it know this page's origin, and does a firewall or a token against forged forms stand between?",
  404: "is not there: check the address in endpoint",
  405: "does not take POST: check the address in endpoint and the routes of the server",
  411: "wants Content-Length, which a proxy between took away",
  413: "takes less than a conversation: raise the limit, or lower context-messages or max-length",
  415: "does not take application/json: have it read the body as JSON",
  431: "takes smaller headers than the visitor's cookies are: set credentials to omit",
};

/** Tells what a refusal means for whoever set the endpoint up. */
export function judgeStatus({ url }: Asked, { status }: Response): void {
  const meaning = MEANINGS[status];
  if (meaning) say(`${url} answered with status ${status}: it ${meaning}.`);
}

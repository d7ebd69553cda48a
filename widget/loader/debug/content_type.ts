// What an answer says of its own form.

import { say } from "./say.js";
import type { Asked } from "./watch.js";

/** What the widget reads, and what its other endpoints may answer. */
const KNOWN = /^(text\/(event-stream|plain|json)|application\/((x-)?ndjson|(x-)?jsonlines|jsonl|json|[\w.-]+\+json))$/;

/** Whether the answer can be a reply by its type; tells what is wrong with it. */
export function judgeType({ url }: Asked, { headers, status }: Response): boolean {
  const type = (headers.get("content-type") ?? "").split(";")[0]!.trim().toLowerCase();
  if (status === 204 || KNOWN.test(type)) return true;
  if (/html/.test(type)) {
    say(
      `${url} answered with a web page (status ${status}, ${type}) and not with a reply: it is a page to sign in, a page for ` +
        "wrong addresses, or the site itself. Check endpoint, and that visitors need not sign in for it.",
    );
  } else {
    say(
      `${url} calls its answer ${type ? `"${type}"` : "nothing: it has no Content-Type"}. A reply is text/event-stream, ` +
        "application/x-ndjson, application/json or text/plain.",
    );
  }
  return false;
}

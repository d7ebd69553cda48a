// Replies that something between the endpoint and the browser collects before it hands them on.

import { say } from "./say.js";
import { type Asked, follow } from "./watch.js";

/** Pieces of a reply in one go, from which on a model did not write them so. */
const MANY = 8;
/** In ms: what comes within so short a time came in one go. */
const AT_ONCE = 100;
/** In ms: a pause after which another go begins, and what a visitor feels as waiting. */
const PAUSE = 300;
const LONG = 1000;

/** What came in one go: when its first and last piece came, in ms after the question, and how many there were. */
interface Go {
  from: number;
  to: number;
  pieces: number;
}

/** Looks at the pace at which a streamed reply comes. */
export function watchPace(asked: Asked, response: Response): void {
  const type = response.headers.get("content-type") ?? "";
  // Only these are made of pieces that can be counted.
  if (!/event-stream|ndjson|jsonl/.test(type)) return;
  const decoder = new TextDecoder();
  const goes: Go[] = [];
  const now = () => performance.now() - asked.at;
  const head = now();
  const chunk = (bytes: Uint8Array) => {
    const at = now();
    const pieces = decoder.decode(bytes, { stream: true }).match(/^(data:|\{)/gm)?.length ?? 0;
    const go = goes.at(-1);
    if (go && at - go.to < PAUSE) Object.assign(go, { to: at, pieces: go.pieces + pieces });
    else goes.push({ from: at, to: at, pieces });
  };
  follow(response, chunk, () => {
    const pieces = goes.reduce((sum, go) => sum + go.pieces, 0);
    const inGoes = goes.every((go) => go.to - go.from < AT_ONCE) && pieces >= MANY * goes.length && goes.length > 0;
    if (inGoes && (goes.length > 1 || goes[0]!.from > LONG)) say(sentence(asked, response, goes, pieces, head));
  });
}

/** How it came, and where to look. */
function sentence({ url }: Asked, { headers }: Response, goes: Go[], pieces: number, head: number): string {
  const seconds = (millis: number) => (millis / 1000).toFixed(1) + " s";
  const how =
    goes.length > 1
      ? `came in ${goes.length} goes with pauses between them`
      : `came all at once, ${seconds(goes[0]!.from)} after the question` +
        (head < goes[0]!.from / 2 ? `, though its head came after ${seconds(head)}` : "");
  const encoding = headers.get("content-encoding");
  const wanted = [
    headers.get("x-accel-buffering") === "no" ? "" : "X-Accel-Buffering: no (or turn proxy_buffering off)",
    /no-transform/.test(headers.get("cache-control") ?? "") ? "" : "Cache-Control: no-cache, no-transform",
  ].filter(Boolean);
  const cure = [
    encoding ? `It is compressed (${encoding}), and compressing collects: leave replies out of it.` : "",
    wanted.length ? `Have the endpoint answer with ${wanted.join(" and ")}.` : "",
    "See that the endpoint hands on each piece when it has it (flush), and look at the settings of the proxy or CDN.",
  ].filter(Boolean);
  return `The ${pieces} pieces of a reply of ${url} ${how}: something between the model and the browser collects them. ${cure.join(" ")}`;
}

// A tab that shows the answer which another one gets: it asks for it, and what it hears becomes a response as of `fetch`.

import type { Telling } from "./teller.js";

/** How often, in ms, the other tab is asked for a sign of life. */
const BEAT = 1000;
/** After how many beats without one it counts as gone, and after how many nobody has the answer. */
const GONE = 5;
const NOBODY = 2;

/** Asks for an answer; `to` is who asks. Who hears it already, in the telling `known`, asks whether it goes on. */
export interface Wish {
  wish: string;
  to: string;
  known?: string | undefined;
}

export interface Listener {
  /** The answer's id. */
  id: string;
  hear(telling: Telling): void;
  /** Nothing more will be heard. */
  lose(): void;
  response: Promise<Response>;
}

/** Listens for the answer `id`, which is wished for by `post`. `ended` is called when all of it was heard. */
export function listener(id: string, signal: AbortSignal | null | undefined, post: (wish: Wish) => void, ended: () => void): Listener {
  const to = crypto.getRandomValues(new Uint32Array(4)).join("-");
  const encoder = new TextEncoder();
  let heard: string | undefined;
  let silent = 0;
  let over = false;
  let begun = false;
  let stream!: ReadableStreamDefaultController<Uint8Array>;
  const finish = () => {
    clearInterval(timer);
    if (over) return;
    over = true;
    ended();
  };
  // It is cancelled when the app has read all it needs.
  const body = new ReadableStream<Uint8Array>({ start: (controller) => void (stream = controller), cancel: finish });
  let resolve!: (response: Response) => void;
  const response = new Promise<Response>((done) => (resolve = done));

  const begin = (status: number, headers: [string, string][]) => {
    begun = true;
    // Some statuses have no body.
    resolve(new Response(/20[45]|304/.test(String(status)) ? null : body, { status, headers }));
  };
  const lose = () => {
    clearInterval(timer);
    if (over) return;
    over = true;
    stream.error();
    if (!begun) begin(200, []);
  };
  const wish = () => post({ wish: id, to, known: heard });
  const timer = setInterval(() => {
    if (++silent >= (heard ? GONE : NOBODY)) lose();
    else wish();
  }, BEAT);
  signal?.addEventListener("abort", lose);
  if (signal?.aborted) lose();
  else wish();

  return {
    id,
    lose,
    response,
    hear({ telling, to: whom, head, text, over: how }) {
      if (over || (whom && whom !== to) || (heard ? telling !== heard : !whom)) return;
      // What was told from the beginning once is not told so again: then it is only a sign of life.
      const again = heard && whom;
      heard = telling;
      silent = 0;
      if (again) return;
      if (head) begin(...head);
      if (text) stream.enqueue(encoder.encode(text));
      if (how === "lost") lose();
      else if (how) {
        stream.close();
        finish();
      }
    },
  };
}

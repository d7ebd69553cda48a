// The tab that gets an answer tells it to those who want it: what its endpoint says, as text, from the beginning.

/** How often, in ms, more of an answer is told at most: about once per frame. */
const PACE = 16;

/** What is told of an answer. One without anything in it is a sign of life. */
export interface Telling {
  /** Which telling it is. */
  telling: string;
  /** For whom it is, if not for all who listen. */
  to?: string;
  head?: [status: number, headers: [string, string][]];
  text?: string;
  /** The answer is whole, or will not be told whole. */
  over?: "whole" | "lost";
}

export interface Teller {
  /** Tells somebody all there is, unless they know of it; what comes later is for them, too. */
  tell(to: string, known?: string): void;
  /** The page goes. */
  leave(): void;
}

/** Tells what is in `copy` by `post`. */
export function teller(copy: Promise<Response | void>, post: (telling: Telling) => void): Teller {
  const telling = crypto.getRandomValues(new Uint32Array(4)).join("-");
  let head: Telling["head"];
  let over: Telling["over"];
  let said = "";
  let waiting = "";
  let last = 0;
  let timer = 0;

  const flush = () => {
    clearTimeout(timer);
    timer = 0;
    last = performance.now();
    if (waiting) post({ telling, text: waiting });
    said += waiting;
    waiting = "";
  };

  const end = (how: "whole" | "lost") => {
    if (over) return;
    flush();
    post({ telling, over: (over = how) });
  };

  const read = async () => {
    const response = await copy;
    if (!response) throw "no answer";
    head = [response.status, [...response.headers]];
    post({ telling, head });
    const reader = response.body?.getReader();
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    for (let done = !reader; reader && !done; ) {
      const chunk = await reader.read();
      done = chunk.done;
      waiting += decoder.decode(chunk.value, { stream: !done });
      // In the background timers wait for a second, so what is due is told at once.
      if (done || performance.now() - last >= PACE) flush();
      else timer ||= setTimeout(flush, PACE);
    }
    end("whole");
  };
  read().catch((error: unknown) => {
    // An answer that the app has no more use for is whole, or was stopped: then the others hear of that first.
    const aborted = (error as Error)?.name === "AbortError";
    setTimeout(end, 100, aborted ? "whole" : "lost");
  });

  return {
    tell(to, known) {
      if (known === telling) return post({ telling, to });
      flush();
      post({ telling, to, ...(head && { head, text: said }), ...(over && { over }) });
    },
    leave: () => end("lost"),
  };
}

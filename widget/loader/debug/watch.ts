// Looks on at what the page fetches. What is fetched, and what comes of it, stays as it is.

/** A request as it was made. */
export interface Asked {
  /** Absolute. */
  url: string;
  init: RequestInit;
  /** When, as `performance.now()` has it. */
  at: number;
}

export interface Watcher {
  /** Whether this request is of interest. */
  wants(url: string): boolean;
  answered(asked: Asked, response: Response): void;
  failed(asked: Asked): void;
}

const real = window.fetch.bind(window);

/** `fetch` that nobody looks on at. */
export const ask = (url: string, init: RequestInit): Promise<Response> => real(url, { cache: "no-store", ...init });

/** Tells `watcher` of each request of the page that it wants, from now on. */
export function watch(watcher: Watcher): void {
  const before = window.fetch;
  window.fetch = (input, init = {}) => {
    const answer = before.call(window, input, init);
    const url = new URL(input instanceof Request ? input.url : String(input), document.baseURI).href;
    if (watcher.wants(url)) {
      const asked = { url, init, at: performance.now() };
      answer.then(
        (response) => watcher.answered(asked, response),
        () => init.signal?.aborted || watcher.failed(asked),
      );
    }
    return answer;
  };
}

/** Calls `chunk` with each part of the body as it is read, and `end` once nobody reads on: it has ended, or its reply has. */
export function follow(response: Response, chunk: (bytes: Uint8Array) => void, end: () => void): void {
  const { body } = response;
  attend(body, chunk, end);
  // A response that is copied has another body afterwards; not so in Firefox.
  const clone = response.clone.bind(response);
  response.clone = () => {
    const copy = clone();
    if (response.body !== body) attend(response.body, chunk, end);
    return copy;
  };
}

function attend(body: Response["body"], chunk: (bytes: Uint8Array) => void, end: () => void): void {
  if (!body) return;
  const getReader = body.getReader.bind(body) as () => ReadableStreamDefaultReader<Uint8Array>;
  body.getReader = (() => {
    const reader = getReader();
    const [read, cancel] = [reader.read.bind(reader), reader.cancel.bind(reader)];
    reader.read = () => {
      const result = read();
      result.then(
        ({ done, value }) => (done ? end() : chunk(value)),
        () => {},
      );
      return result;
    };
    reader.cancel = (reason) => {
      end();
      return cancel(reason);
    };
    return reader;
  }) as typeof body.getReader;
}

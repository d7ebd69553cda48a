// For request.rs.

/**
 * Makes requests, each with its `url`, one after the other. `told` gets the response, each piece of its body, and `null` at
 * its end, until it returns false; `undefined` in the place of any of these that failed. What comes back ends it all.
 *
 * `via`, if it is there, makes them in the place of `fetch`: so other tabs hear of them.
 *
 * A request that outlives the page does not end and tells nothing: it may fail.
 */
export function ask(requests, told, via) {
  const controller = new AbortController();
  const { signal } = controller;
  const tell = (what) => !signal.aborted && told(what);
  const converse = async () => {
    for (const init of JSON.parse(requests)) {
      if (init.keepalive) await fetch(init.url, init).catch(() => {});
      else await hear(via ? via("ask", { ...init, signal }) : fetch(init.url, { ...init, signal }), tell);
    }
  };
  converse();
  return () => controller.abort();
}

async function hear(fetched, tell) {
  let reader;
  try {
    const response = await fetched;
    let more = tell(response);
    reader = response.body?.getReader();
    while (more) {
      const { done, value } = (await reader?.read()) ?? { done: true };
      more = tell(done ? null : value);
    }
  } catch {
    tell();
  }
  // What is left. A stream that is broken already rejects.
  reader?.cancel().catch(() => {});
}

/** 0 when there is no response. */
export const status = (response) => response?.status ?? 0;

export const header = (response, name) => response.headers.get(name) ?? undefined;

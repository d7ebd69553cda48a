// What comes of the widget's requests to its endpoints.

import { watchPace } from "./buffering.js";
import { judgeType } from "./content_type.js";
import { tellCors } from "./cors.js";
import { isMixed } from "./mixed.js";
import { isChat, isEndpoint } from "./ours.js";
import { isRefused } from "./policy.js";
import { redirects, tellRedirect } from "./redirect.js";
import { say, settled } from "./say.js";
import { judgeStatus } from "./status.js";
import { type Asked, watch } from "./watch.js";

/** Finds out why nothing that a page may read came back. */
async function explain(asked: Asked): Promise<void> {
  const { url } = asked;
  await settled();
  if (isRefused(url) || isMixed(url) || !navigator.onLine) return;
  if (await redirects(asked)) return;
  if (new URL(url).origin !== location.origin && (await tellCors(asked))) return;
  say(`Nobody answers at ${url}: is the server running, is the address right, and is its certificate valid?`);
}

export function watchReplies(): void {
  watch({
    wants: isEndpoint,
    answered(asked, response) {
      if (response.redirected) tellRedirect(asked.url, response.url);
      if (asked.init.method !== "POST") return;
      judgeStatus(asked, response);
      if (isChat(asked.url) && judgeType(asked, response)) watchPace(asked, response);
    },
    failed: (asked) => void explain(asked),
  });
}

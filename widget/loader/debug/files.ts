// The widget's own files: missing, changed on the way, or called something else than they are.

import { isFile, nameOf } from "./ours.js";
import { isRefused } from "./policy.js";
import { say, settled } from "./say.js";
import { ask, watch } from "./watch.js";

const TYPES: [suffix: string, type: RegExp, name: string][] = [
  [".js", /^(text|application)\/(x-)?(java|ecma)script$/, "text/javascript"],
  [".wasm", /^application\/wasm$/, "application/wasm"],
  [".json", /json$/, "application/json"],
];

const typeOf = (response: Response) => (response.headers.get("content-type") ?? "").split(";")[0]!.trim().toLowerCase();

const expected = (url: string) => TYPES.find(([suffix]) => nameOf(url).endsWith(suffix));

/** Tells that a file is called something else than it is, and what follows from that. */
function tellType(url: string, response: Response, effect: string): boolean {
  const [, type, name] = expected(url) ?? [];
  const found = typeOf(response);
  if (!type || type.test(found)) return false;
  say(`${nameOf(url)} is served as ${found || "nothing: it has no Content-Type"}, ${effect}: have the server call it ${name}.`);
  return true;
}

/** Finds out why a file did not come, or came and was refused. */
async function explain(url: string, integrity: string): Promise<void> {
  await settled();
  if (isRefused(url) || !navigator.onLine) return;
  const name = nameOf(url);
  const response = await ask(url, { mode: "cors", credentials: "same-origin" }).catch(() => undefined);
  if (!response) {
    const there = await ask(url, { mode: "no-cors" }).catch(() => undefined);
    say(
      there
        ? `${name} is on another origin than the page and does not allow it: serve it with Access-Control-Allow-Origin: *.`
        : `${name} cannot be fetched from ${url}: is the server running, and is the address right?`,
    );
  } else if (!response.ok) {
    say(`${name} is not at ${url} (status ${response.status}): put all files of the build beside natter.js.`);
  } else if (/html/.test(typeOf(response))) {
    say(`In the place of ${name} there is a web page at ${url}: put all files of the build beside natter.js.`);
  } else if (!(await ask(url, { integrity }).catch(() => undefined))) {
    say(
      `${name} is not the file that natter.js was built with, so nothing of it was run: it was changed on the way, by a proxy ` +
        "or by somebody who should not, or it is of another build. Upload all files of one build together and empty caches and CDN.",
    );
  } else tellType(url, response, "which browsers do not run under X-Content-Type-Options: nosniff");
}

/** Tells of each file of the widget that does not come as it should, from now on. */
export function watchFiles(): void {
  watch({
    wants: isFile,
    answered: ({ url }, response) => {
      if (nameOf(url).endsWith(".wasm")) tellType(url, response, "so the chat starts later than it could");
    },
    failed: ({ url, init }) => void explain(url, init.integrity ?? ""),
  });
  // Scripts tell of it where they stand, and not further up.
  document.addEventListener(
    "error",
    ({ target }) => {
      if (target instanceof HTMLScriptElement && isFile(target.src)) explain(target.src, target.integrity);
    },
    true,
  );
}

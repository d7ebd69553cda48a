// Endpoints on another origin, which have to allow the page's.

import { say } from "./say.js";
import { ask, type Asked } from "./watch.js";

const CORS = "Access-Control-Allow-";

/** Whether the endpoint answers and the browser keeps the answer from the page; tells why. */
export async function tellCors({ url, init }: Asked): Promise<boolean> {
  const reads = (more: RequestInit) =>
    ask(url, { method: "HEAD", ...more }).then(
      () => true,
      () => false,
    );
  if (!(await reads({ mode: "no-cors", credentials: "omit" }))) return false;

  const { origin } = location;
  const credentials = init.credentials ?? "same-origin";
  if (!(await reads({ credentials: "omit" }))) {
    say(
      `${url} is on another origin than the page and does not allow it: all its answers, errors and the one to OPTIONS ` +
        `included, need the header ${CORS}Origin: ${origin}.`,
    );
  } else if (credentials === "include" && !(await reads({ credentials }))) {
    say(
      `${url} is asked with cookies (credentials="include"), so its answers need ${CORS}Credentials: true and ${CORS}Origin: ` +
        `${origin}; the * that is enough without cookies is not enough here.`,
    );
  } else {
    // Each alone, since a browser does not say which one was refused.
    const names = [...new Headers(init.headers).entries()].map(async ([name, value]) =>
      (await reads({ credentials, headers: { [name]: value } })) ? "" : name,
    );
    const refused = (await Promise.all(names)).filter(Boolean);
    const list = refused.length ? refused : [...new Headers(init.headers).keys()];
    say(
      `${url} refuses the question beforehand: its answer to OPTIONS needs a status of 2xx and the header ${CORS}Headers: ` +
        `${list.join(", ")}, and those of all its answers.`,
    );
  }
  return true;
}

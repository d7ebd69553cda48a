// A page with https and an endpoint without.

import { say } from "./say.js";

/** Whether browsers refuse the request since the page came encrypted; tells so. */
export function isMixed(url: string): boolean {
  const { protocol, hostname, host } = new URL(url);
  // What is on the visitor's own machine counts as safe.
  const mixed = location.protocol === "https:" && protocol === "http:" && !/^(localhost|127(\.\d+){3}|\[::1\])$|\.localhost$/.test(hostname);
  if (mixed) {
    say(`The page came by https, and browsers refuse its requests to ${url}, which is http: give ${host} a certificate and write https.`);
  }
  return mixed;
}

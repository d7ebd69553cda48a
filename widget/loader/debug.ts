// natter-debug.js: what `debug` fetches. It says on the console what is wrong around the widget and what to do about it.
// It looks on and changes nothing of what is sent; to find out why an endpoint cannot be read it asks it by HEAD, besides.
// docs/debugging.md explains each sentence. One file in debug/ for each kind of trouble.

import { watchFiles } from "./debug/files.js";
import { checkPage } from "./debug/page.js";
import { watchPolicy } from "./debug/policy.js";
import { watchReplies } from "./debug/replies.js";
import { know } from "./debug/ours.js";

const watch: Debug = (host, options, files) => {
  know(options, files);
  checkPage(host);
};

watchPolicy();
watchFiles();
watchReplies();
console.info("Natter debug: watching. What is wrong will be said here; silence is good.");
Reflect.set(globalThis, Symbol.for("natter.debug"), watch);

// Runs before everything else on a test's page and keeps what a visitor's console and a site owner's listeners would see.
(() => {
  const seen = { errors: [], warnings: [], violations: [], events: [] };
  Object.defineProperty(window, "natterProbe", { value: seen });

  addEventListener("error", (event) => seen.errors.push(`uncaught: ${event.message} (${event.filename}:${event.lineno})`));
  addEventListener("unhandledrejection", (event) => seen.errors.push(`unhandled rejection: ${event.reason}`));
  document.addEventListener("securitypolicyviolation", (event) => {
    seen.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
  });
  for (const [level, list] of [["error", seen.errors], ["warn", seen.warnings]]) {
    const original = console[level].bind(console);
    console[level] = (...args) => {
      list.push(args.map(String).join(" "));
      original(...args);
    };
  }
  const names = ["ready", "open", "close", "minimize", "expand", "sent", "received", "error", "unread", "clear",
    "feedback", "stop", "contact"];
  for (const name of names) {
    document.addEventListener(`natter:${name}`, (event) => {
      seen.events.push({ name, detail: event.detail ?? null, host: event.target.localName });
    });
  }
})();

// What is wrong with a call: told on the console, where otherwise something would fail later, or never run.

const EVENTS = "ready, open, close, minimize, expand, sent, received, error, unread, clear, feedback, stop, contact";

/** Judges the arguments of a call: of `on` whatever they are, of `send` once they are wrong. */
export function judge(call: "on" | "send", ...[first, listener]: unknown[]): void {
  const wrong = (what: string) => console.error("Natter: " + what);
  if (call === "send") wrong(`send() takes a text, not ${first}.`);
  else if (!EVENTS.split(", ").includes(String(first))) wrong(`there is no event "${first}". There are ${EVENTS}.`);
  else if (typeof listener !== "function") wrong(`on("${first}") takes a function, not ${listener}.`);
}

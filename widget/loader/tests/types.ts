// What the published types allow and what they refuse. Nothing here runs: `tsc` reads it, and where a line that is
// expected to be an error is none, that is one.

import { defineElement, mount, type Call, type Config, type Events, type Handle, type Message } from "../npm/natter.js";

// ---- options ------------------------------------------------------------------------------------------------------

const everything: Required<Config> = {
  endpoint: "/api/chat",
  requestFormat: "ai-sdk",
  context: { page: "Prices", visits: 3 },
  headers: { "X-Key": "1" },
  credentials: "include",
  title: "Ask us",
  greeting: "Hello",
  placeholder: "Ask…",
  preload: "intent",
  mode: "inline",
  container: document.body,
  trigger: ".ask",
  position: "bottom-left",
  accent: "rebeccapurple",
  theme: "dark",
  locale: "pt-BR",
  strings: { send_message: "Go!", unread: { one: "{count} new", other: "{count} new" } },
  suggestions: ["What is it?"],
  open: true,
  launcher: false,
  storage: "session",
  storageKey: "key",
  user: "ada",
  maxMessages: 10,
  maxAgeDays: 0.5,
  contextMessages: 4,
  maxLength: 500,
  contactUrl: "/contact",
  contactEndpoint: "/api/contact",
  errorEndpoint: "/api/error",
  analytics: "none",
  sound: true,
  debug: true,
};

const handle: Handle = mount(everything);
mount();
mount({ container: "#chat", mode: "inline" });
defineElement();

// @ts-expect-error there is no such option
mount({ colour: "red" });
// @ts-expect-error options are in camelCase
mount({ "max-length": 5 });
// @ts-expect-error a number, not a text
mount({ maxLength: "5" });
// @ts-expect-error not one of the values
mount({ mode: "popup" });
// @ts-expect-error not one of the values
mount({ requestFormat: "anthropic" });
// @ts-expect-error a list
mount({ suggestions: "What is it?" });
// @ts-expect-error an element or a selector
mount({ container: 5 });
// @ts-expect-error means something on the script tag alone
mount({ mount: "none" });
// @ts-expect-error to take an option back is for `update`
mount({ accent: null });

// ---- calls --------------------------------------------------------------------------------------------------------

handle.update({ title: "New", accent: null, container: null });
handle.setContext({ page: "Prices" });
handle.setContext(null);
handle.setUser("4711");
handle.setUser(null);
handle.send("Hello");
const messages: Message[] = handle.getMessages();
const ready: Promise<void> = handle.ready;
for (const call of ["open", "close", "toggle", "minimize", "expand", "stop", "clear", "destroy"] as const) handle[call]();

// @ts-expect-error what is asked is a text
handle.send(5);
// @ts-expect-error what is asked is missing
handle.send();
// @ts-expect-error a text
handle.setUser(4711);
// @ts-expect-error not an object
handle.setContext("Prices");
// @ts-expect-error there is no such option
handle.update({ colour: "red" });
// @ts-expect-error there is no such call
handle.show();
// @ts-expect-error it cannot be set
handle.ready = Promise.resolve();

// ---- events -------------------------------------------------------------------------------------------------------

const off: () => void = handle.on("received", ({ message, response_time }) => {
  const text: string = message.content;
  const time: number = response_time;
  // @ts-expect-error a message is from one of the two
  if (message.role === "system") void [text, time];
});
handle.on("feedback", ({ messageId, value, comment }) => void [messageId.length, value === "good", comment?.length]);
handle.on("error", ({ code, message, retryable }) => void [code.length, message.length, retryable === true]);
handle.on("unread", ({ count }) => count.toFixed());
handle.on("ready", () => {});
const names: keyof Events = "ready" satisfies
  "ready" | "open" | "close" | "minimize" | "expand" | "sent" | "received" | "error" | "unread" | "clear" | "feedback" | "stop" | "contact";

// @ts-expect-error there is no such event
handle.on("message", () => {});
// @ts-expect-error it carries nothing
handle.on("open", ({ count }) => count.toFixed());
// @ts-expect-error a function is missing
handle.on("sent");

// ---- window.Natter and the element --------------------------------------------------------------------------------

(window.Natter = window.Natter || []).push(["open"], ["send", "Hello"]);
const calls: Call[] = [["mount", { title: "Ask us" }], ["update", { open: null }], ["setContext", null], ["on", "unread", (detail: Events["unread"]) => void detail.count], ["destroy"]];

// @ts-expect-error there is no such call
const unknown: Call = ["show"];
// @ts-expect-error what is asked is missing
const nothing: Call = ["send"];
// @ts-expect-error the listener takes what another event carries
const crossed: Call = ["on", "sent", (detail: Events["unread"]) => void detail.count];
// @ts-expect-error a promise is no call
const promised: Call = ["ready"];

const element = document.createElement("natter-chat");
element.options = { title: "Ask us", accent: null };
element.handle.open();
// @ts-expect-error there is no such option
element.options = { colour: "red" };

void [messages, ready, off, names, calls, unknown, nothing, crossed, promised];

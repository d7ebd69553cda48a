// A chat endpoint for the Natter widget, in Node.js 18 or newer and nothing else.
//
//     node server.mjs        →  http://127.0.0.1:8788/api/chat
//
// Your model goes into `answer`; all the rest is what an endpoint owes its visitors and your bill.

import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const PORT = Number(process.env.PORT ?? 8788);
/** Questions one client may ask in a minute. */
const RATE_LIMIT = Number(process.env.RATE_LIMIT ?? 20);
/** Bytes of a request; this bounds all of its messages together. */
const MAX_BODY = 65_536;
const MAX_MESSAGES = 100;
/** Characters a visitor may write at once. */
const MAX_LENGTH = 4_000;

/**
 * ===> CALL YOUR MODEL HERE. <===
 * Put your system prompt before `messages` ([{role, content}], oldest first), and yield pieces of text as they come.
 * `signal` fires when the visitor has left: hand it to fetch, so that nobody pays for words that nobody reads.
 */
async function* answer(messages, signal) {
  const question = messages.at(-1).content;
  for (const word of `You asked: ${question}`.split(/(?<=\s)/)) {
    await sleep(15, undefined, { signal });
    yield word;
  }
}

/** What a request is answered with when there is no reply. Its message is shown to the visitor: no detail of yours in it. */
class Refusal extends Error {
  constructor(status, type, code, message, param = null) {
    super(message);
    Object.assign(this, { status, type, code, param });
  }
}

const invalid = (message, param) => new Refusal(400, "invalid_request", "invalid_request", message, param);

const server = createServer({ requestTimeout: 15_000 }, async (request, response) => {
  const id = randomUUID();
  response.setHeader("X-Request-Id", id);
  response.setHeader("Cache-Control", "no-cache, no-transform");
  try {
    admit(request, response);
    const messages = check(await read(request));
    await stream(messages, response, id);
  } catch (error) {
    refuse(error, response, id);
  }
});

/** Who may ask at all: pages of this site, by POST, and not too often. */
function admit(request, response) {
  if (request.url.split("?")[0] !== "/api/chat") {
    throw new Refusal(404, "invalid_request", "not_found", "There is nothing at this address");
  }
  if (request.method !== "POST") {
    response.setHeader("Allow", "POST");
    throw new Refusal(405, "invalid_request", "method_not_allowed", "Questions are asked with POST");
  }
  // Pages cannot forge Origin. A list of other sites that may ask belongs here; they need CORS headers too.
  const { origin, host } = request.headers;
  if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) {
    throw new Refusal(403, "forbidden", "origin_not_allowed", "Pages of other sites may not ask here");
  }
  count(request, response);
  // A form of another site can send text/plain without asking anybody, but not this.
  const type = (request.headers["content-type"] ?? "").split(";")[0].trim().toLowerCase();
  if (type !== "application/json") {
    throw new Refusal(415, "invalid_request", "unsupported_media_type", "The body must be sent as application/json");
  }
}

/** Questions by client in the minute that ends at `until`; forgotten together, so that they never pile up. */
let asked = new Map();
let until = 0;

function count(request, response) {
  if (Date.now() >= until) {
    asked = new Map();
    until = Date.now() + 60_000;
  }
  // Behind a proxy this is the proxy: take the last address of X-Forwarded-For then. What stands before it is forged.
  const client = request.socket.remoteAddress;
  const used = (asked.get(client) ?? 0) + 1;
  asked.set(client, used);
  const seconds = Math.max(1, Math.ceil((until - Date.now()) / 1000));
  response.setHeader("RateLimit-Policy", `"default";q=${RATE_LIMIT};w=60`);
  response.setHeader("RateLimit", `"default";r=${Math.max(0, RATE_LIMIT - used)};t=${seconds}`);
  if (used > RATE_LIMIT) {
    response.setHeader("Retry-After", seconds);
    throw new Refusal(429, "rate_limit", "rate_limited", "Too many requests. Please try again later.");
  }
}

/** The body as JSON. What is too much is read but not kept: who is cut off never gets to see why. */
async function read(request) {
  const kept = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= MAX_BODY) kept.push(chunk);
    if (size > 20 * MAX_BODY) break;
  }
  if (size > MAX_BODY) {
    throw new Refusal(413, "invalid_request", "too_large", `At most ${MAX_BODY} bytes can be sent at once`);
  }
  try {
    return JSON.parse(Buffer.concat(kept).toString("utf8"));
  } catch {
    throw invalid("The body is not valid JSON");
  }
}

/** The messages, of which nothing is taken but role and text. */
function check(body) {
  const messages = body?.messages;
  if (!Array.isArray(messages) || messages.length === 0) throw invalid("Messages are required", "messages");
  if (messages.length > MAX_MESSAGES) throw invalid(`At most ${MAX_MESSAGES} messages can be sent at once`, "messages");
  const checked = messages.map((message, index) => {
    // Any other role (system, developer, tool) would be somebody else's system prompt.
    if (message?.role !== "user" && message?.role !== "assistant") {
      throw invalid("A message's role must be user or assistant", `messages[${index}].role`);
    }
    const content = text(message);
    const wrong = message.role === "user" && fault(content);
    if (wrong) throw invalid(wrong, `messages[${index}].content`);
    return { role: message.role, content };
  });
  if (checked.at(-1).role !== "user") throw invalid("The last message must be the user's", "messages");
  return checked;
}

/** The widget sends content; AI SDK clients send parts. */
function text({ content, parts }) {
  if (typeof content === "string") return content;
  const texts = (Array.isArray(parts) ? parts : []).filter((part) => part?.type === "text").map((part) => part.text);
  return texts.filter((text) => typeof text === "string").join("");
}

function fault(content) {
  if (content.trim() === "") return "A message must not be blank";
  if ([...content].length > MAX_LENGTH) return `A message can be at most ${MAX_LENGTH} characters long`;
  if (/[\0-\x08\x0b\x0c\x0e-\x1f]/.test(content)) return "A message must not hold control characters";
}

/** The answer as a UI message stream: start, text-start, a text-delta for each piece, text-end, finish, [DONE]. */
async function stream(messages, response, id) {
  const left = new AbortController();
  response.on("close", () => left.abort());
  const pieces = answer(messages, left.signal);
  // The head waits for the first piece: until then a failure can still have a status.
  let piece = await pieces.next().catch((error) => {
    console.error(id, error);
    throw new Refusal(502, "upstream", "upstream_failed", "Failed to process your message");
  });

  response.writeHead(200, {
    "Content-Type": "text/event-stream",
    "x-vercel-ai-ui-message-stream": "v1",
    "X-Accel-Buffering": "no", // nginx passes each event on as it comes
  });
  const part = (part) => response.write(`data: ${JSON.stringify(part)}\n\n`);
  part({ type: "start", messageId: id });
  part({ type: "text-start", id: "1" });
  try {
    for (; !piece.done; piece = await pieces.next()) part({ type: "text-delta", id: "1", delta: piece.value });
    part({ type: "text-end", id: "1" });
    part({ type: "finish" });
  } catch (error) {
    if (left.signal.aborted) return;
    console.error(id, error);
    part({ type: "text-end", id: "1" });
    part({ type: "error", errorText: "Failed to process your message" });
  }
  response.end("data: [DONE]\n\n");
}

function refuse(error, response, id) {
  if (response.destroyed) return;
  if (!(error instanceof Refusal)) console.error(id, error);
  const { status, type, code, message, param } =
    error instanceof Refusal ? error : new Refusal(500, "internal", "internal", "Failed to process your message");
  const retryable = status === 429 || status >= 500;
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify({ error: { type, code, message, param, retryable, request_id: id } }));
}

server.listen(PORT, "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${PORT}/api/chat`));

"""A chat endpoint for the Natter widget, in Python 3.9 or newer and nothing else.

    python3 server.py        →  http://127.0.0.1:8788/api/chat

Your model goes into `answer`; all the rest is what an endpoint owes its visitors and your bill.
"""

import json
import math
import os
import re
import sys
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT = int(os.environ.get("PORT", 8788))
RATE_LIMIT = int(os.environ.get("RATE_LIMIT", 20))  # questions one client may ask in a minute
MAX_BODY = 65_536  # bytes of a request; this bounds all of its messages together
MAX_MESSAGES = 100
MAX_LENGTH = 4_000  # characters a visitor may write at once
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def answer(messages):
    """===> CALL YOUR MODEL HERE. <===

    Put your system prompt before `messages` ([{"role", "content"}], oldest first), and yield pieces of text as they come.
    When the visitor leaves, the generator is closed: end the model's request in a `finally`, or with its `with`.
    """
    question = messages[-1]["content"]
    for word in re.split(r"(?<=\s)", f"You asked: {question}"):
        time.sleep(0.015)
        yield word


class Refusal(Exception):
    """What a request is answered with when there is no reply. Its message is shown to the visitor: no detail of yours in it."""

    def __init__(self, status, kind, code, message, param=None):
        super().__init__(message)
        self.status, self.kind, self.code, self.message, self.param = status, kind, code, message, param


def invalid(message, param=None):
    return Refusal(400, "invalid_request", "invalid_request", message, param)


class Quota:
    """Questions by client in the minute that ends at `until`; forgotten together, so that they never pile up."""

    def __init__(self):
        self.lock, self.asked, self.until = threading.Lock(), {}, 0.0

    def count(self, client):
        """How many are left (below 0: too many), and the seconds until there are more."""
        with self.lock:
            now = time.monotonic()
            if now >= self.until:
                self.asked, self.until = {}, now + 60
            self.asked[client] = self.asked.get(client, 0) + 1
            return RATE_LIMIT - self.asked[client], max(1, math.ceil(self.until - now))


QUOTA = Quota()


class Chat(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 15  # seconds a client may be silent

    def version_string(self):
        return "chat"  # and not which Python: it tells which holes to try

    def do_POST(self):
        self.id, self.extra = uuid.uuid4().hex, {}
        # A reply has no length: it ends with the connection.
        self.close_connection = True
        try:
            body = self.read()  # first, since who is cut off in the middle never gets to see why
            self.admit()
            self.stream(check(body))
        except Refusal as refusal:
            self.refuse(refusal)
        except OSError:
            pass  # the visitor has left, or is silent for too long
        except Exception as error:
            print(self.id, repr(error), file=sys.stderr)
            self.refuse(Refusal(500, "internal", "internal", "Failed to process your message"))

    do_GET = do_HEAD = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_POST

    def read(self):
        """The body; what is too much is read but not kept. `None` stands for a body that is too large."""
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal():
            raise invalid("Content-Length must be a number")
        length = int(length)
        if length <= MAX_BODY:
            return self.rfile.read(length)
        for _ in range(min(length, 20 * MAX_BODY) // 4096):
            self.rfile.read(4096)
        return None

    def admit(self):
        """Who may ask at all: pages of this site, by POST, and not too often."""
        if self.path.split("?")[0] != "/api/chat":
            raise Refusal(404, "invalid_request", "not_found", "There is nothing at this address")
        if self.command != "POST":
            self.extra["Allow"] = "POST"
            raise Refusal(405, "invalid_request", "method_not_allowed", "Questions are asked with POST")
        # Pages cannot forge Origin. A list of other sites that may ask belongs here; they need CORS headers too.
        origin, host = self.headers.get("Origin"), self.headers.get("Host")
        if origin is not None and origin not in (f"http://{host}", f"https://{host}"):
            raise Refusal(403, "forbidden", "origin_not_allowed", "Pages of other sites may not ask here")
        # Behind a proxy this is the proxy: take the last address of X-Forwarded-For then. What stands before it is forged.
        left, seconds = QUOTA.count(self.client_address[0])
        self.extra["RateLimit-Policy"] = f'"default";q={RATE_LIMIT};w=60'
        self.extra["RateLimit"] = f'"default";r={max(0, left)};t={seconds}'
        if left < 0:
            self.extra["Retry-After"] = str(seconds)
            raise Refusal(429, "rate_limit", "rate_limited", "Too many requests. Please try again later.")
        # A form of another site can send text/plain without asking anybody, but not this.
        if self.headers.get_content_type() != "application/json":
            raise Refusal(415, "invalid_request", "unsupported_media_type", "The body must be sent as application/json")

    def head(self, status, content_type):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("X-Request-Id", self.id)
        self.send_header("Cache-Control", "no-cache, no-transform")
        self.send_header("Connection", "close")
        for name, value in self.extra.items():
            self.send_header(name, value)

    def stream(self, messages):
        """The answer as a UI message stream: start, text-start, a text-delta for each piece, text-end, finish, [DONE]."""
        pieces = answer(messages)
        # The head waits for the first piece: until then a failure can still have a status.
        try:
            piece = next(pieces, None)
        except Exception as error:
            print(self.id, repr(error), file=sys.stderr)
            raise Refusal(502, "upstream", "upstream_failed", "Failed to process your message") from error

        self.extra["x-vercel-ai-ui-message-stream"] = "v1"
        self.extra["X-Accel-Buffering"] = "no"  # nginx passes each event on as it comes
        self.head(200, "text/event-stream")
        self.end_headers()
        self.part({"type": "start", "messageId": self.id})
        self.part({"type": "text-start", "id": "1"})
        end = {"type": "finish"}
        while piece is not None:
            self.part({"type": "text-delta", "id": "1", "delta": piece})
            try:
                piece = next(pieces, None)
            except Exception as error:
                print(self.id, repr(error), file=sys.stderr)
                piece, end = None, {"type": "error", "errorText": "Failed to process your message"}
        self.part({"type": "text-end", "id": "1"})
        self.part(end)
        self.wfile.write(b"data: [DONE]\n\n")

    def part(self, part):
        self.wfile.write(f"data: {json.dumps(part)}\n\n".encode())

    def refuse(self, refusal):
        error = {
            "type": refusal.kind,
            "code": refusal.code,
            "message": refusal.message,
            "param": refusal.param,
            "retryable": refusal.status == 429 or refusal.status >= 500,
            "request_id": self.id,
        }
        body = json.dumps({"error": error}).encode()
        self.head(refusal.status, "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def check(body):
    """The messages, of which nothing is taken but role and text."""
    if body is None:
        raise Refusal(413, "invalid_request", "too_large", f"At most {MAX_BODY} bytes can be sent at once")
    try:
        request = json.loads(body)
    except (ValueError, RecursionError):
        raise invalid("The body is not valid JSON") from None
    messages = request.get("messages") if isinstance(request, dict) else None
    if not isinstance(messages, list) or not messages:
        raise invalid("Messages are required", "messages")
    if len(messages) > MAX_MESSAGES:
        raise invalid(f"At most {MAX_MESSAGES} messages can be sent at once", "messages")
    checked = []
    for index, message in enumerate(messages):
        role = message.get("role") if isinstance(message, dict) else None
        # Any other role (system, developer, tool) would be somebody else's system prompt.
        if role not in ("user", "assistant"):
            raise invalid("A message's role must be user or assistant", f"messages[{index}].role")
        content = text(message)
        wrong = fault(content) if role == "user" else None
        if wrong:
            raise invalid(wrong, f"messages[{index}].content")
        checked.append({"role": role, "content": content})
    if checked[-1]["role"] != "user":
        raise invalid("The last message must be the user's", "messages")
    return checked


def text(message):
    """The widget sends content; AI SDK clients send parts."""
    if isinstance(message.get("content"), str):
        return message["content"]
    parts = message.get("parts")
    parts = [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
    texts = [part.get("text") for part in parts if part.get("type") == "text"]
    return "".join(text for text in texts if isinstance(text, str))


def fault(content):
    if not content.strip():
        return "A message must not be blank"
    if len(content) > MAX_LENGTH:
        return f"A message can be at most {MAX_LENGTH} characters long"
    if CONTROL.search(content):
        return "A message must not hold control characters"
    return None


if __name__ == "__main__":
    print(f"listening on http://127.0.0.1:{PORT}/api/chat", flush=True)
    ThreadingHTTPServer(("127.0.0.1", PORT), Chat).serve_forever()

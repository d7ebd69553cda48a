<?php
// A chat endpoint for the Natter widget, in PHP 8.0 or newer and nothing else.
//
//     php -S 127.0.0.1:8788 index.php        →  http://127.0.0.1:8788/api/chat
//
// On a web server the file's own address is the endpoint. Your model goes into `answer`; all the rest is what an
// endpoint owes its visitors and your bill.

declare(strict_types=1);

/** Questions one client may ask in a minute. */
define('RATE_LIMIT', (int) (getenv('RATE_LIMIT') ?: 20));
/** Where they are counted, since a PHP script forgets: a file that only PHP can reach. */
define('RATE_FILE', getenv('RATE_FILE') ?: sys_get_temp_dir() . '/chat-rate-limit.json');
/** Bytes of a request; this bounds all of its messages together. */
const MAX_BODY = 65_536;
const MAX_MESSAGES = 100;
/** Characters a visitor may write at once. */
const MAX_LENGTH = 4_000;

/**
 * ===> CALL YOUR MODEL HERE. <===
 * Put your system prompt before $messages ([['role' =>, 'content' =>]], oldest first), and yield pieces of text as they
 * come. When the visitor leaves, PHP ends the script, and the model's connection with it.
 */
function answer(array $messages): Generator
{
    $question = end($messages)['content'];
    foreach (preg_split('/(?<=\s)/u', "You asked: $question") as $word) {
        usleep(15_000);
        yield $word;
    }
}

/** What a request is answered with when there is no reply. Its message is shown to the visitor: no detail of yours in it. */
final class Refusal extends Exception
{
    public function __construct(
        public int $status,
        public string $type,
        public string $name,
        string $message,
        public ?string $param = null,
    ) {
        parent::__construct($message);
    }
}

function invalid(string $message, ?string $param = null): Refusal
{
    return new Refusal(400, 'invalid_request', 'invalid_request', $message, $param);
}

/** Who may ask at all: pages of this site, by POST, and not too often. */
function admit(): void
{
    if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
        header('Allow: POST');
        throw new Refusal(405, 'invalid_request', 'method_not_allowed', 'Questions are asked with POST');
    }
    // Pages cannot forge Origin. A list of other sites that may ask belongs here; they need CORS headers too.
    $origin = $_SERVER['HTTP_ORIGIN'] ?? null;
    $host = $_SERVER['HTTP_HOST'] ?? '';
    if ($origin !== null && $origin !== "http://$host" && $origin !== "https://$host") {
        throw new Refusal(403, 'forbidden', 'origin_not_allowed', 'Pages of other sites may not ask here');
    }
    // Behind a proxy this is the proxy: take the last address of X-Forwarded-For then. What stands before it is forged.
    [$left, $seconds] = count_question($_SERVER['REMOTE_ADDR']);
    header('RateLimit-Policy: "default";q=' . RATE_LIMIT . ';w=60');
    header('RateLimit: "default";r=' . max(0, $left) . ";t=$seconds");
    if ($left < 0) {
        header("Retry-After: $seconds");
        throw new Refusal(429, 'rate_limit', 'rate_limited', 'Too many requests. Please try again later.');
    }
    // A form of another site can send text/plain without asking anybody, but not this.
    $type = strtolower(trim(explode(';', $_SERVER['CONTENT_TYPE'] ?? '')[0]));
    if ($type !== 'application/json') {
        throw new Refusal(415, 'invalid_request', 'unsupported_media_type', 'The body must be sent as application/json');
    }
}

/**
 * How many questions are left (below 0: too many), and the seconds until there are more. All counts end with their
 * minute, so that they never pile up.
 */
function count_question(string $client): array
{
    $file = fopen(RATE_FILE, 'c+');
    flock($file, LOCK_EX);
    $counts = json_decode(stream_get_contents($file), true) ?? ['until' => 0, 'asked' => []];
    if (time() >= $counts['until']) {
        $counts = ['until' => time() + 60, 'asked' => []];
    }
    $used = $counts['asked'][$client] = ($counts['asked'][$client] ?? 0) + 1;
    ftruncate($file, 0);
    rewind($file);
    fwrite($file, json_encode($counts));
    fclose($file);
    return [RATE_LIMIT - $used, max(1, $counts['until'] - time())];
}

/** The body as JSON. */
function read(): mixed
{
    $body = file_get_contents('php://input', length: MAX_BODY + 1);
    if (strlen($body) > MAX_BODY) {
        throw new Refusal(413, 'invalid_request', 'too_large', 'At most ' . MAX_BODY . ' bytes can be sent at once');
    }
    try {
        return json_decode($body, true, flags: JSON_THROW_ON_ERROR);
    } catch (JsonException) {
        throw invalid('The body is not valid JSON');
    }
}

/** The messages, of which nothing is taken but role and text. */
function check(mixed $body): array
{
    $messages = is_array($body) ? $body['messages'] ?? null : null;
    if (!is_array($messages) || $messages === []) {
        throw invalid('Messages are required', 'messages');
    }
    if (count($messages) > MAX_MESSAGES) {
        throw invalid('At most ' . MAX_MESSAGES . ' messages can be sent at once', 'messages');
    }
    $checked = [];
    foreach ($messages as $index => $message) {
        $role = is_array($message) ? $message['role'] ?? null : null;
        // Any other role (system, developer, tool) would be somebody else's system prompt.
        if ($role !== 'user' && $role !== 'assistant') {
            throw invalid("A message's role must be user or assistant", "messages[$index].role");
        }
        $content = text($message);
        $wrong = $role === 'user' ? fault($content) : null;
        if ($wrong !== null) {
            throw invalid($wrong, "messages[$index].content");
        }
        $checked[] = ['role' => $role, 'content' => $content];
    }
    if (end($checked)['role'] !== 'user') {
        throw invalid("The last message must be the user's", 'messages');
    }
    return $checked;
}

/** The widget sends content; AI SDK clients send parts. */
function text(array $message): string
{
    if (is_string($message['content'] ?? null)) {
        return $message['content'];
    }
    $text = '';
    foreach (is_array($message['parts'] ?? null) ? $message['parts'] : [] as $part) {
        if (is_array($part) && ($part['type'] ?? null) === 'text' && is_string($part['text'] ?? null)) {
            $text .= $part['text'];
        }
    }
    return $text;
}

function fault(string $content): ?string
{
    return match (true) {
        !preg_match('/\S/u', $content) => 'A message must not be blank',
        preg_match_all('/./su', $content) > MAX_LENGTH => 'A message can be at most ' . MAX_LENGTH . ' characters long',
        (bool) preg_match('/[\x00-\x08\x0b\x0c\x0e-\x1f]/', $content) => 'A message must not hold control characters',
        default => null,
    };
}

function part(array $part): void
{
    echo 'data: ', json_encode($part, JSON_THROW_ON_ERROR), "\n\n";
    flush();
}

/** The answer as a UI message stream: start, text-start, a text-delta for each piece, text-end, finish, [DONE]. */
function stream(array $messages, string $id): void
{
    // The head waits for the first piece: until then a failure can still have a status.
    try {
        $pieces = answer($messages);
        $pieces->valid();
    } catch (Throwable $failure) {
        error_log("$id $failure");
        throw new Refusal(502, 'upstream', 'upstream_failed', 'Failed to process your message');
    }
    header('Content-Type: text/event-stream');
    header('x-vercel-ai-ui-message-stream: v1');
    header('X-Accel-Buffering: no'); // nginx passes each event on as it comes
    part(['type' => 'start', 'messageId' => $id]);
    part(['type' => 'text-start', 'id' => '1']);
    $end = ['type' => 'finish'];
    try {
        foreach ($pieces as $piece) {
            part(['type' => 'text-delta', 'id' => '1', 'delta' => $piece]);
        }
    } catch (Throwable $failure) {
        error_log("$id $failure");
        $end = ['type' => 'error', 'errorText' => 'Failed to process your message'];
    }
    part(['type' => 'text-end', 'id' => '1']);
    part($end);
    echo "data: [DONE]\n\n";
}

function refuse(Refusal $refusal, string $id): void
{
    http_response_code($refusal->status);
    header('Content-Type: application/json');
    echo json_encode(['error' => [
        'type' => $refusal->type,
        'code' => $refusal->name,
        'message' => $refusal->getMessage(),
        'param' => $refusal->param,
        'retryable' => $refusal->status === 429 || $refusal->status >= 500,
        'request_id' => $id,
    ]]);
}

// What would show PHP's version or its errors, or hold words back.
ini_set('display_errors', '0');
ini_set('zlib.output_compression', '0');
header_remove('X-Powered-By');
while (ob_get_level() > 0) {
    ob_end_clean();
}

$id = bin2hex(random_bytes(16));
header("X-Request-Id: $id");
header('Cache-Control: no-cache, no-transform');
try {
    admit();
    stream(check(read()), $id);
} catch (Refusal $refusal) {
    refuse($refusal, $id);
} catch (Throwable $failure) {
    error_log("$id $failure");
    refuse(new Refusal(500, 'internal', 'internal', 'Failed to process your message'), $id);
}

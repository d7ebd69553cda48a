// A chat endpoint for the Natter widget, in Go 1.18 or newer and nothing else.
//
//	go run main.go        →  http://127.0.0.1:8788/api/chat
//
// Your model goes into answer; all the rest is what an endpoint owes its visitors and your bill.
package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"mime"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

const (
	maxBody     = 65_536 // bytes of a request; this bounds all of its messages together
	maxMessages = 100
	maxLength   = 4_000 // characters a visitor may write at once
)

// answer is where you ===> CALL YOUR MODEL. <===
// Put your system prompt before messages (oldest first), and say pieces of text as they come. ctx ends when the visitor
// has left: hand it to the model's request, so that nobody pays for words that nobody reads.
func answer(ctx context.Context, messages []Message, say func(string)) error {
	question := messages[len(messages)-1].Content
	for _, word := range strings.SplitAfter("You asked: "+question, " ") {
		select {
		case <-time.After(15 * time.Millisecond):
			say(word)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// Message is one message of the conversation.
type Message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
	// AI SDK clients send these in the place of content.
	Parts []struct{ Type, Text string } `json:"parts,omitempty"`
}

// Refusal is what a request is answered with when there is no reply. Its message is shown to the visitor: no detail of
// yours in it.
type Refusal struct {
	status    int
	Type      string  `json:"type"`
	Code      string  `json:"code"`
	Message   string  `json:"message"`
	Param     *string `json:"param"`
	Retryable bool    `json:"retryable"`
	RequestID string  `json:"request_id"`
}

func refusal(status int, kind, code, message string) *Refusal {
	retryable := status == http.StatusTooManyRequests || status >= 500
	return &Refusal{status: status, Type: kind, Code: code, Message: message, Retryable: retryable}
}

func invalid(param, message string) *Refusal {
	refused := refusal(400, "invalid_request", "invalid_request", message)
	refused.Param = &param
	return refused
}

// quota counts questions by client in the minute that ends at until. They are forgotten together, so that they never
// pile up.
type quota struct {
	sync.Mutex
	limit int
	asked map[string]int
	until time.Time
}

// count gives how many questions are left (below 0: too many), and the seconds until there are more.
func (q *quota) count(client string) (left, seconds int) {
	q.Lock()
	defer q.Unlock()
	if now := time.Now(); now.After(q.until) {
		q.asked, q.until = map[string]int{}, now.Add(time.Minute)
	}
	q.asked[client]++
	return q.limit - q.asked[client], int(time.Until(q.until)/time.Second) + 1
}

func (q *quota) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := requestID()
	w.Header().Set("X-Request-Id", id)
	w.Header().Set("Cache-Control", "no-cache, no-transform")
	refused := q.admit(w, r)
	var messages []Message
	if refused == nil {
		messages, refused = read(r)
	}
	if refused == nil {
		refused = stream(w, r, messages, id)
	}
	if refused != nil {
		refused.RequestID = id
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(refused.status)
		json.NewEncoder(w).Encode(map[string]*Refusal{"error": refused})
	}
}

// admit tells who may ask at all: pages of this site, by POST, and not too often.
func (q *quota) admit(w http.ResponseWriter, r *http.Request) *Refusal {
	if r.URL.Path != "/api/chat" {
		return refusal(404, "invalid_request", "not_found", "There is nothing at this address")
	}
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", "POST")
		return refusal(405, "invalid_request", "method_not_allowed", "Questions are asked with POST")
	}
	// Pages cannot forge Origin. A list of other sites that may ask belongs here; they need CORS headers too.
	if origin := r.Header.Get("Origin"); origin != "" && origin != "http://"+r.Host && origin != "https://"+r.Host {
		return refusal(403, "forbidden", "origin_not_allowed", "Pages of other sites may not ask here")
	}
	// Behind a proxy this is the proxy: take the last address of X-Forwarded-For then. What stands before it is forged.
	client, _, _ := net.SplitHostPort(r.RemoteAddr)
	left, seconds := q.count(client)
	w.Header().Set("RateLimit-Policy", fmt.Sprintf(`"default";q=%d;w=60`, q.limit))
	if left < 0 {
		w.Header().Set("RateLimit", fmt.Sprintf(`"default";r=0;t=%d`, seconds))
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
		return refusal(429, "rate_limit", "rate_limited", "Too many requests. Please try again later.")
	}
	w.Header().Set("RateLimit", fmt.Sprintf(`"default";r=%d;t=%d`, left, seconds))
	// A form of another site can send text/plain without asking anybody, but not this.
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/json" {
		return refusal(415, "invalid_request", "unsupported_media_type", "The body must be sent as application/json")
	}
	return nil
}

// read gives the messages, of which nothing is taken but role and text.
func read(r *http.Request) ([]Message, *Refusal) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return nil, refusal(408, "invalid_request", "request_timeout", "The request did not arrive whole")
	}
	if len(body) > maxBody {
		// What is too much is read but not kept: who is cut off never gets to see why.
		io.CopyN(io.Discard, r.Body, 20*maxBody)
		return nil, refusal(413, "invalid_request", "too_large", fmt.Sprintf("At most %d bytes can be sent at once", maxBody))
	}
	var request struct{ Messages []Message }
	if err := json.Unmarshal(body, &request); err != nil {
		return nil, refusal(400, "invalid_request", "invalid_request", "The body cannot be read as JSON with messages")
	}
	messages := request.Messages
	if len(messages) == 0 {
		return nil, invalid("messages", "Messages are required")
	}
	if len(messages) > maxMessages {
		return nil, invalid("messages", fmt.Sprintf("At most %d messages can be sent at once", maxMessages))
	}
	for i := range messages {
		if refused := check(&messages[i], i); refused != nil {
			return nil, refused
		}
	}
	if messages[len(messages)-1].Role != "user" {
		return nil, invalid("messages", "The last message must be the user's")
	}
	return messages, nil
}

// check judges one message and makes one text of its parts.
func check(message *Message, index int) *Refusal {
	param := fmt.Sprintf("messages[%d].", index)
	// Any other role (system, developer, tool) would be somebody else's system prompt.
	if message.Role != "user" && message.Role != "assistant" {
		return invalid(param+"role", "A message's role must be user or assistant")
	}
	if message.Content == "" {
		for _, part := range message.Parts {
			if part.Type == "text" {
				message.Content += part.Text
			}
		}
	}
	message.Parts = nil
	if message.Role == "assistant" {
		return nil
	}
	control := func(c rune) bool { return c < ' ' && !strings.ContainsRune("\t\n\r", c) }
	switch {
	case strings.TrimSpace(message.Content) == "":
		return invalid(param+"content", "A message must not be blank")
	case utf8.RuneCountInString(message.Content) > maxLength:
		return invalid(param+"content", fmt.Sprintf("A message can be at most %d characters long", maxLength))
	case strings.IndexFunc(message.Content, control) >= 0:
		return invalid(param+"content", "A message must not hold control characters")
	}
	return nil
}

// part is any part of a UI message stream.
type part map[string]string

// stream writes the answer as a UI message stream: start, text-start, a text-delta for each piece, text-end, finish,
// [DONE].
func stream(w http.ResponseWriter, r *http.Request, messages []Message, id string) *Refusal {
	begun := false
	write := func(parts ...part) {
		for _, part := range parts {
			data, _ := json.Marshal(part)
			fmt.Fprintf(w, "data: %s\n\n", data)
		}
		if flusher, ok := w.(http.Flusher); ok {
			flusher.Flush()
		}
	}
	// The head waits for the first piece: until then a failure can still have a status.
	begin := func() {
		if begun {
			return
		}
		begun = true
		w.Header().Set("Content-Type", "text/event-stream")
		w.Header().Set("x-vercel-ai-ui-message-stream", "v1")
		w.Header().Set("X-Accel-Buffering", "no") // nginx passes each event on as it comes
		write(part{"type": "start", "messageId": id}, part{"type": "text-start", "id": "1"})
	}
	err := answer(r.Context(), messages, func(piece string) {
		begin()
		write(part{"type": "text-delta", "id": "1", "delta": piece})
	})
	if r.Context().Err() != nil {
		return nil // the visitor has left
	}
	end := part{"type": "finish"}
	if err != nil {
		log.Println(id, err)
		if !begun {
			return refusal(502, "upstream", "upstream_failed", "Failed to process your message")
		}
		end = part{"type": "error", "errorText": "Failed to process your message"}
	}
	begin()
	write(part{"type": "text-end", "id": "1"}, end)
	fmt.Fprint(w, "data: [DONE]\n\n")
	return nil
}

func requestID() string {
	var id [16]byte
	rand.Read(id[:])
	return fmt.Sprintf("%x", id)
}

// setting reads a number from the environment.
func setting(name string, otherwise int) int {
	if value, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return value
	}
	return otherwise
}

func main() {
	address := fmt.Sprintf("127.0.0.1:%d", setting("PORT", 8788))
	// Questions one client may ask in a minute.
	handler := &quota{limit: setting("RATE_LIMIT", 20)}
	// Not ReadTimeout: it goes on while a reply is written, and ends the context of a long one.
	server := &http.Server{Addr: address, Handler: handler, ReadHeaderTimeout: 15 * time.Second}
	log.Printf("listening on http://%s/api/chat", address)
	log.Fatal(server.ListenAndServe())
}

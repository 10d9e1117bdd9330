package contract

import "encoding/json"

// Version is the contract's version, as a ready line says it.
const Version = 1

// CallIDKey is the request metadata key that joins a call with its plan and its view.
const CallIDKey = "interop-call-id"

// A Mode is a method's kind of streaming, as lines name it.
type Mode string

// The four modes.
const (
	Unary           Mode = "unary"
	ServerStreaming Mode = "server-streaming"
	ClientStreaming Mode = "client-streaming"
	BidiStreaming   Mode = "bidi-streaming"
)

// OneRequest reports whether the client sends exactly one message, which also half-closes.
func (m Mode) OneRequest() bool { return m == Unary || m == ServerStreaming }

// OneResponse reports whether the handler answers with exactly one message.
func (m Mode) OneResponse() bool { return m == Unary || m == ClientStreaming }

// Ready is the first line of a program.
type Ready struct {
	Type           string            `json:"type"`
	Contract       int               `json:"contract"`
	Role           string            `json:"role"`
	Implementation string            `json:"implementation"`
	Language       string            `json:"language"`
	Libraries      map[string]string `json:"libraries"`
	PID            int               `json:"pid"`
}

// A Raised is an error that is no status: an exception, in Go a panic or a foreign error.
type Raised struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// head is what every line has; id is empty on a release.
type head struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

type listenLine struct {
	head
	Configuration json.RawMessage `json:"configuration"`
	Host          string          `json:"host"`
	Port          int             `json:"port"`
}

type stopLine struct {
	head
	Address string `json:"address"`
	GraceMS int    `json:"grace_ms"`
}

type planLine struct {
	head
	CallID string            `json:"call_id"`
	Method string            `json:"method"`
	Mode   Mode              `json:"mode"`
	Steps  []json.RawMessage `json:"steps"`
}

type collectLine struct {
	head
	CallID   string `json:"call_id"`
	Attempts int    `json:"attempts"`
	WaitMS   int    `json:"wait_ms"`
}

type callLine struct {
	head
	CallID        string            `json:"call_id"`
	Target        string            `json:"target"`
	Configuration json.RawMessage   `json:"configuration"`
	Channel       string            `json:"channel"`
	Method        string            `json:"method"`
	Mode          Mode              `json:"mode"`
	Raw           bool              `json:"raw"`
	Metadata      []Pair            `json:"metadata"`
	DeadlineMS    *int              `json:"deadline_ms"`
	GiveUpAfterMS int               `json:"give_up_after_ms"`
	Steps         []json.RawMessage `json:"steps"`
}

type releaseLine struct {
	head
	CallID string `json:"call_id"`
	Mark   string `json:"mark"`
}

type listening struct {
	Type    string `json:"type"`
	ID      string `json:"id"`
	Address string `json:"address"`
}

type plain struct { // stopped, planned
	Type string `json:"type"`
	ID   string `json:"id"`
}

type markLine struct {
	Type   string `json:"type"`
	CallID string `json:"call_id"`
	Mark   string `json:"mark"`
}

type refusal struct { // unsupported, rejected
	Type    string `json:"type"`
	ID      string `json:"id"`
	Feature string `json:"feature,omitempty"`
	Reason  string `json:"reason"`
}

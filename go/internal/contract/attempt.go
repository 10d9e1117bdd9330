package contract

import (
	"context"
	"encoding/json"
	"sync"
	"time"
)

// A seen is an attempt as a view shows it.
type seen struct {
	Method     string            `json:"method"`
	Planned    bool              `json:"planned"`
	Metadata   []Pair            `json:"metadata"`
	Peer       string            `json:"peer"`
	DeadlineMS *float64          `json:"deadline_ms"`
	Messages   []json.RawMessage `json:"messages"`
	Sent       int               `json:"sent"`
	Steps      []Outcome         `json:"steps"`
	Left       string            `json:"left"`
	LeftStatus *Status           `json:"left_status"`
	Raised     *Raised           `json:"raised"`
	Context    string            `json:"context"`
}

// An Arrival is what the library tells a handler of a call that begins.
type Arrival struct {
	CallID, Method, Peer string
	Metadata             []Pair
}

// An Attempt is what one handler saw. It is safe for use by many goroutines.
type Attempt struct {
	callID string
	calls  *Calls
	call   *planned
	plan   *Plan // nil: the service's code answers
	ctx    context.Context
	began  time.Time
	mu     sync.Mutex
	seen   seen
	served int // messages handed to the service's code, once a plan has come to serve
	marks  map[int]string
}

func newAttempt(ctx context.Context, calls *Calls, call *planned, arrival Arrival) *Attempt {
	plan := call.plan
	if plan != nil && plan.Method != arrival.Method {
		plan = nil // a plan for another method is not this call's
	}
	attempt := &Attempt{callID: arrival.CallID, calls: calls, call: call, plan: plan, ctx: ctx, began: time.Now()}
	attempt.seen = seen{
		Method: arrival.Method, Planned: plan != nil, Metadata: arrival.Metadata, Peer: arrival.Peer,
		Messages: []json.RawMessage{}, Steps: []Outcome{}, Left: "running",
	}
	if deadline, ok := ctx.Deadline(); ok {
		remains := milliseconds(time.Until(deadline))
		attempt.seen.DeadlineMS = &remains
	}
	return attempt
}

// Planned reports whether a plan is to be carried out with Act.
func (a *Attempt) Planned() bool { return a.plan != nil }

// Handed notes a message that is about to be handed to the handler.
func (a *Attempt) Handed(message any) {
	text, err := Observe(message)
	if err != nil {
		text, _ = json.Marshal(map[string]string{"unreadable": err.Error()})
	}
	a.mu.Lock()
	a.seen.Messages = append(a.seen.Messages, text)
	a.mu.Unlock()
}

// Served notes that the service's code is about to be handed a message, and sends the mark that was asked for at this one.
func (a *Attempt) Served() {
	a.mu.Lock()
	a.served++
	mark, ok := a.marks[a.served]
	a.mu.Unlock()
	if ok {
		_ = a.calls.writer.Write(markLine{Type: "mark", CallID: a.callID, Mark: mark}) // see scene.mark
	}
}

// Sent notes a message that the handler's code handed to the library.
func (a *Attempt) Sent() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.seen.Sent++
}

func (a *Attempt) step(outcome Outcome) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.seen.Steps = append(a.seen.Steps, outcome)
}

func (a *Attempt) serve(marks map[int]string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.marks = marks
}

// Leave notes and logs how the handler's code left, and beside it what the library says of the call at that moment.
func (a *Attempt) Leave(left Left) {
	a.mu.Lock()
	a.seen.Left, a.seen.LeftStatus, a.seen.Raised = left.How, left.Status, left.Raised
	a.seen.Context = ContextName(a.ctx)
	a.mu.Unlock()
	a.calls.changed(a.call)
	logCall(WithCall(a.ctx, a.callID), a.calls.log, "handled", a.seen.Method, left.name(), time.Since(a.began))
}

// now is the attempt as it is at this moment.
func (a *Attempt) now() seen {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.seen
	now.Messages = append([]json.RawMessage{}, a.seen.Messages...)
	now.Steps = append([]Outcome{}, a.seen.Steps...)
	if now.Left == "running" {
		now.Context = ContextName(a.ctx)
	}
	return now
}

package contract

import (
	"context"
	"log/slog"
	"sync"
)

type view struct {
	Type     string `json:"type"`
	ID       string `json:"id"`
	CallID   string `json:"call_id"`
	Attempts []seen `json:"attempts"`
}

// Calls holds the plans of calls to come and the attempts of calls that came, until they are collected.
type Calls struct {
	writer *Writer
	log    *slog.Logger
	marks  Marks
	mu     sync.Mutex
	known  kept[*planned]
}

// planned is a call that the harness told of, or that came.
type planned struct {
	plan     *Plan
	attempts []*Attempt
	change   chan struct{} // closed and replaced when an attempt begins or ends
}

func newCalls(writer *Writer, log *slog.Logger) *Calls { return &Calls{writer: writer, log: log} }

func newPlanned() *planned { return &planned{change: make(chan struct{})} }

// plan puts a plan in force.
func (c *Calls) plan(callID string, plan *Plan) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.known.at(callID, newPlanned).plan = plan
}

// Begin notes that a call has come to a handler, and joins it with its plan.
func (c *Calls) Begin(ctx context.Context, arrival Arrival) *Attempt {
	c.mu.Lock()
	defer c.mu.Unlock()
	call := c.known.at(arrival.CallID, newPlanned)
	attempt := newAttempt(ctx, c, call, arrival)
	call.attempts = append(call.attempts, attempt)
	call.changed()
	return attempt
}

func (p *planned) changed() {
	close(p.change)
	p.change = make(chan struct{})
}

// changed wakes those who collect this call.
func (c *Calls) changed(call *planned) {
	c.mu.Lock()
	defer c.mu.Unlock()
	call.changed()
}

// collect waits until so many attempts have begun and all that began are over, or until ctx is done; then it forgets the call.
func (c *Calls) collect(ctx context.Context, callID string, attempts int) []seen {
	for {
		views, complete, change := c.look(callID, attempts)
		if !complete {
			select {
			case <-change:
				continue
			case <-ctx.Done():
			}
			views, _, _ = c.look(callID, 0)
		}
		c.forget(callID)
		return views
	}
}

// look is the call as it is, and a channel that is closed at its next change.
func (c *Calls) look(callID string, attempts int) (views []seen, complete bool, change <-chan struct{}) {
	c.mu.Lock()
	call := c.known.at(callID, newPlanned)
	begun := call.attempts
	change = call.change
	c.mu.Unlock()
	views, complete = []seen{}, len(begun) >= attempts
	for _, attempt := range begun {
		now := attempt.now()
		views = append(views, now)
		complete = complete && now.Left != "running"
	}
	return views, complete, change
}

func (c *Calls) forget(callID string) {
	c.mu.Lock()
	c.known.drop(callID)
	c.mu.Unlock()
	c.marks.Forget(callID)
}

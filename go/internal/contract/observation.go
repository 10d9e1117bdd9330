package contract

import (
	"encoding/json"
	"sync"
	"time"
)

// An Observation is what the client saw of one call.
type Observation struct {
	Type      string            `json:"type"`
	ID        string            `json:"id"`
	CallID    string            `json:"call_id"`
	Ended     string            `json:"ended"`
	Status    *Status           `json:"status"`
	Initial   []Pair            `json:"initial_metadata"`
	Trailing  []Pair            `json:"trailing_metadata"`
	Messages  []json.RawMessage `json:"messages"`
	Steps     []Outcome         `json:"steps"`
	ElapsedMS float64           `json:"elapsed_ms"`
	Raised    *Raised           `json:"raised"`
}

// A Result is what the library said of a call that is over: a status, or an error that is none.
type Result struct {
	Status            *Status
	Raised            *Raised
	Initial, Trailing []Pair // nil where the library gave none at all
}

// witness gathers an observation while a call is in flight. The script writes, and the one who gives up may read at any moment.
type witness struct {
	mu     sync.Mutex
	seen   Observation
	inStep bool
	gaveUp bool
	began  time.Time
	ended  time.Time
}

func (w *witness) begin() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.began = time.Now()
}

// end notes the first moment at which the end of the call was known.
func (w *witness) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended.IsZero() {
		w.ended = time.Now()
	}
}

func (w *witness) message(text json.RawMessage) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen.Messages = append(w.seen.Messages, text)
}

func (w *witness) stepBegins() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.inStep = true
}

// stepEnds notes a step's outcome, and reports whether the script goes on.
func (w *witness) stepEnds(outcome Outcome) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.gaveUp {
		outcome = GaveUp
	}
	w.inStep = false
	w.seen.Steps = append(w.seen.Steps, outcome)
	return !w.gaveUp
}

func (w *witness) giveUp() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.gaveUp = true
}

func (w *witness) result(result Result) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen.Status, w.seen.Raised = result.Status, result.Raised
	w.seen.Initial, w.seen.Trailing = result.Initial, result.Trailing
}

// observation is what was seen up to now.
func (w *witness) observation(id, callID string) Observation {
	w.mu.Lock()
	defer w.mu.Unlock()
	seen := w.seen
	seen.Type, seen.ID, seen.CallID = "observation", id, callID
	seen.Messages = append([]json.RawMessage{}, w.seen.Messages...)
	seen.Steps = append([]Outcome{}, w.seen.Steps...)
	if w.inStep {
		seen.Steps = append(seen.Steps, GaveUp)
	}
	switch {
	case w.gaveUp:
		seen.Ended = "gave_up"
	case w.seen.Raised != nil:
		seen.Ended = "raised"
	default:
		seen.Ended = "status"
	}
	seen.ElapsedMS = w.elapsed()
	return seen
}

func (w *witness) elapsed() float64 {
	switch {
	case w.began.IsZero():
		return 0
	case w.ended.IsZero():
		return milliseconds(time.Since(w.began))
	}
	return milliseconds(w.ended.Sub(w.began))
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

package contract

import (
	"context"
	"fmt"
	"time"
)

// An Opener is a stack as a server.
type Opener interface {
	// Method says what a registered method takes and answers; ok is false where there is none.
	Method(name string) (mode Mode, newResponse func() any, ok bool)
	// CheckPlan finds what the library can't do; the error is an *Unsupported.
	CheckPlan(mode Mode, steps []Step) error
	// Open serves the configuration at an address, with these plans and views.
	Open(configuration Configuration, address string, calls *Calls) (Listener, error)
}

// A Listener is an open server.
type Listener interface {
	Address() string
	// Stop refuses new calls at once, and ends those in flight when the grace is over.
	Stop(grace time.Duration)
}

// A Handling is a call as the library hands it to a handler. Its methods are called by one goroutine.
type Handling interface {
	// SendHeaders sends initial metadata now.
	SendHeaders(pairs []Pair) error
	// Send hands a response to the library, where responses are streamed.
	Send(message any) error
	// Receive waits for a message of the client; the error is io.EOF after its half-close.
	Receive() (any, error)
	// NewResponse makes an empty response.
	NewResponse() any
}

// An Ending is what a plan came to, for the stack to put into the library's terms.
type Ending struct {
	Status   *Status // never nil
	Trailers []Pair
	Response any  // where there is exactly one: what was sent, or an empty message; nil where the status is no OK
	Nothing  bool // return no response where one is due
	Serve    bool // run the UserService code
}

// Left is how a handler's code left a call.
type Left struct {
	How    string // returned, status, raised or cancelled
	Status *Status
	Raised *Raised
}

// Panicked is how a handler left that panicked with this value.
func Panicked(value any) Left {
	return Left{How: "raised", Raised: &Raised{Type: "panic", Text: fmt.Sprint(value)}}
}

// RaisedBy is an error that is no status, as lines show it.
func RaisedBy(err error) *Raised {
	return &Raised{Type: fmt.Sprintf("%T", err), Text: err.Error()}
}

// name is how a handler's leaving reads in a log line.
func (l Left) name() string {
	if l.Status != nil {
		return CodeName(l.Status.Code)
	}
	return l.How
}

// ContextName is what the library says of a call, in the words of a view.
func ContextName(ctx context.Context) string {
	switch ctx.Err() {
	case nil:
		return "active"
	case context.DeadlineExceeded:
		return "deadline"
	}
	return "cancelled"
}

package contract

import (
	"context"
	"time"
)

// A Call is a call to be made, checked.
type Call struct {
	CallID        string
	Target        string
	Configuration Configuration
	Channel       string
	Method        string
	Mode          Mode
	Raw           bool
	Metadata      []Pair
	Deadline      *time.Duration
	GiveUpAfter   time.Duration
	Steps         []Step
}

// A Caller is a stack as a client.
type Caller interface {
	// Method says what a generated stub of this full name takes; ok is false where there is none.
	Method(name string) (mode Mode, newRequest func() any, ok bool)
	// Dial opens the channel that calls to this target share. It doesn't wait for a connection.
	Dial(target string) (Channel, error)
}

// A Channel is what a library puts its connections to one target into.
type Channel interface {
	// Call prepares a call; nothing goes on the wire.
	Call(call *Call) Exchange
	// Close ends the channel with the calls that are in flight on it.
	Close()
}

// An Exchange is one call as a library makes it. The methods are called one after another, by one goroutine.
type Exchange interface {
	// Begin puts the headers on the wire, for the modes in which the client streams.
	Begin(ctx context.Context)
	// Send hands over a message. In the other two modes it begins the call, half-closes, and does not wait; ended is called when
	// the end of the call is known without a Receive.
	Send(ctx context.Context, message any, ended func()) error
	// HalfClose says that no more messages come.
	HalfClose() error
	// Receive waits for a message. The error is io.EOF, or how the call ended.
	Receive() (any, error)
	// Result says how the call ended, after Receive returned this error.
	Result(err error) Result
}

package contract

import (
	"context"
	"errors"
	"io"
)

// script walks a client's steps through one exchange. It has no opinion: what comes, it notes. The end of a streamed call is known
// once its context is done or a Receive says so; neither library tells of an end that nobody has read yet, so that a wait or an
// await runs on beside it.
type script struct {
	scene
	call     *Call
	channel  Channel
	exchange Exchange
	witness  *witness
	begun    bool
	inCall   context.Context    // the library's; the scene's is its child, done also when the call's end is known
	cancel   context.CancelFunc // cancels the call
	end      context.CancelFunc // says that the end of the call is known
	release  context.CancelFunc // frees the deadline's timer
	last     error              // how Receive ended; nil while it has not
}

func newScript(ctx context.Context, driver *driver, call *Call, channel Channel) *script {
	ctx, cancel := context.WithCancel(ctx)
	known, end := context.WithCancel(ctx)
	s := &script{
		call: call, channel: channel, exchange: channel.Call(call), witness: &witness{},
		inCall: ctx, cancel: cancel, end: end, release: end,
		scene: scene{callID: call.CallID, ctx: known, marks: &driver.marks, writer: driver.writer},
	}
	s.send, s.receive = s.sendOne, s.receiveOne
	return s
}

// run walks the script, then reads to the end of the call.
func (s *script) run() {
	defer func() { s.end(); s.release(); s.cancel() }()
	if !s.call.Mode.OneRequest() {
		s.begin()
	}
	for _, step := range s.call.Steps {
		s.witness.stepBegins()
		if !s.witness.stepEnds(s.do(step)) {
			break
		}
	}
	if s.begun {
		s.witness.result(s.exchange.Result(s.receiveToEnd()))
	}
}

// begin starts the clock of the deadline and, where the client streams, puts the headers on the wire.
func (s *script) begin() {
	if s.begun {
		return
	}
	s.begun = true
	s.witness.begin()
	if s.call.Deadline != nil {
		s.inCall, s.release = context.WithTimeout(s.inCall, *s.call.Deadline)
		s.ctx, s.end = context.WithCancel(s.inCall)
	}
	if !s.call.Mode.OneRequest() {
		s.exchange.Begin(s.inCall)
	}
}

func (s *script) do(step Step) Outcome {
	switch step.Do {
	case "send":
		s.begin()
		return s.sendAll(step)
	case "receive":
		return s.receiveSome(step)
	case "receive_all":
		_ = s.receiveToEnd() // every end of the stream is the end that was read for
	case "half_close":
		if s.exchange.HalfClose() != nil {
			return Over
		}
	case "cancel":
		s.cancel()
	case "close_channel":
		s.channel.Close()
	case "wait":
		return s.wait(step)
	case "mark":
		return s.mark(step.Mark)
	case "await":
		return s.await(step)
	}
	return OK
}

func (s *script) sendOne(message any) error {
	return s.exchange.Send(s.inCall, message, s.ended)
}

// receiveOne asks the library only while the stream has not ended: what a library does after that is its own.
func (s *script) receiveOne() (any, error) {
	if s.last != nil {
		return nil, s.last
	}
	message, err := s.exchange.Receive()
	if err != nil {
		s.last = err
		s.ended()
		return nil, err
	}
	text, err := Observe(message)
	if err != nil {
		return nil, err
	}
	s.witness.message(text)
	return message, nil
}

func (s *script) ended() {
	s.witness.end()
	s.end()
}

// EndName is how a result reads in a log line.
func (r Result) endName() string {
	switch {
	case r.Raised != nil:
		return r.Raised.Type
	case r.Status != nil:
		return CodeName(r.Status.Code)
	}
	return "unknown"
}

// Received is the reading half of an Exchange with exactly one response, whatever way it came.
type Received struct {
	response any
	err      error
	handed   bool
}

// Answer is what the call came to: a response, or the error it ended with.
func Answer(response any, err error) *Received { return &Received{response: response, err: err} }

// Next is the response once, then the end.
func (r *Received) Next() (any, error) {
	if r.err != nil {
		return nil, r.err
	}
	if r.handed {
		return nil, io.EOF
	}
	r.handed = true
	return r.response, nil
}

// IsEnd reports whether the error of Receive is the clean end of a stream.
func IsEnd(err error) bool { return err == nil || errors.Is(err, io.EOF) }

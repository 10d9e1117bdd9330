package contract

import (
	"context"
	"io"
	"log/slog"
	"time"
)

// driver is the client's role: it makes the calls that it is told to make.
type driver struct {
	caller   Caller
	channels channels
	marks    Marks
	writer   *Writer
	log      *slog.Logger
}

// answerGrace is how long a library may take to end a call that was given up; the contract wants the answer within 1 s.
const answerGrace = 800 * time.Millisecond

// RunDriver keeps the contract's client side until the input ends or ctx is done.
func RunDriver(ctx context.Context, caller Caller, ready Ready, in io.Reader, out io.Writer, log *slog.Logger) error {
	d := &driver{caller: caller, writer: NewWriter(out), log: log}
	d.channels.dial = caller.Dial
	defer d.channels.closeAll()
	s := &session{
		writer: d.writer, log: log,
		quick: map[string]handle{"release": releaser(&d.marks)},
		slow:  map[string]handle{"call": d.handleCall},
	}
	ready.Role = "client"
	if err := s.ready(ready); err != nil {
		return err
	}
	return s.run(ctx, in)
}

func releaser(marks *Marks) handle {
	return func(_ context.Context, _ string, line []byte) (any, error) {
		var request releaseLine
		if err := parse("release", line, &request); err != nil {
			return nil, err
		}
		marks.Release(request.CallID, request.Mark)
		return nil, nil
	}
}

func (d *driver) handleCall(ctx context.Context, id string, line []byte) (any, error) {
	call, err := parseCall(d.caller, line)
	if err != nil {
		return nil, err
	}
	channel, release, err := d.channels.acquire(call)
	if err != nil {
		return nil, rejectf("call.target: %v", err)
	}
	defer d.marks.Forget(call.CallID)
	ctx = WithCall(ctx, call.CallID)
	script := newScript(ctx, d, call, channel)
	done := make(chan struct{})
	go func() { // ends with the call; a library that never ends one keeps this goroutine, and nobody else waits for it
		defer close(done)
		defer release()
		script.run()
	}()
	d.watch(script, call.GiveUpAfter, done)
	seen := script.witness.observation(id, call.CallID)
	result := Result{Status: seen.Status, Raised: seen.Raised}
	logCall(ctx, d.log, "call", call.Method, result.endName(), time.Duration(seen.ElapsedMS*float64(time.Millisecond)))
	return seen, nil
}

// watch waits for the script, and gives up in time.
func (d *driver) watch(script *script, after time.Duration, done <-chan struct{}) {
	timer := time.NewTimer(after)
	defer timer.Stop()
	select {
	case <-done:
		return
	case <-timer.C:
	}
	script.witness.giveUp()
	script.cancel()
	timer.Reset(answerGrace)
	select {
	case <-done:
	case <-timer.C:
	}
}

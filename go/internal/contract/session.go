package contract

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"
)

// endGrace is how long requests under way may take to notice that the input has ended; the contract gives 2 s to the whole program.
const endGrace = time.Second

// A handle answers one request. It is called in its own goroutine, or, where it is quick, in the order of the lines.
type handle func(ctx context.Context, id string, line []byte) (reply any, err error)

// session answers requests until the input ends.
type session struct {
	writer *Writer
	log    *slog.Logger
	quick  map[string]handle
	slow   map[string]handle
	under  sync.WaitGroup
}

// run reads until the input ends or ctx is done. The goroutine that reads ends with the input, which is the process's own.
func (s *session) run(ctx context.Context, in io.Reader) error {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- s.readAll(ctx, in) }()
	var err error
	select {
	case err = <-ended:
	case <-ctx.Done():
	}
	cancel()
	done := make(chan struct{})
	go func() { s.under.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(endGrace):
		s.log.Warn("requests were still under way at the end")
	}
	return err
}

func (s *session) readAll(ctx context.Context, in io.Reader) error {
	reader := newReader(in)
	for {
		line, err := reader.next()
		switch {
		case errors.Is(err, errLongLine):
			s.log.Error("a bad line", "error", err)
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("read a line: %w", err)
		case ctx.Err() != nil:
			return nil
		case len(line) > 0:
			s.dispatch(ctx, line)
		}
	}
}

func (s *session) dispatch(ctx context.Context, line []byte) {
	var head head
	if err := json.Unmarshal(line, &head); err != nil {
		s.log.Error("a bad line", "error", err, "line", start(line))
		return
	}
	if quick, ok := s.quick[head.Type]; ok {
		s.answer(ctx, quick, head.ID, line)
		return
	}
	slow, ok := s.slow[head.Type]
	if !ok {
		slow = func(context.Context, string, []byte) (any, error) {
			return nil, rejectf("type: %q is no request to this program", head.Type)
		}
	}
	s.under.Go(func() { s.answer(ctx, slow, head.ID, line) })
}

// answer writes exactly one reply, or for a request without an id (a release) none.
func (s *session) answer(ctx context.Context, handle handle, id string, line []byte) {
	reply, err := handle(ctx, id, line)
	switch {
	case id == "" && err != nil:
		s.log.Error("a bad line", "error", err, "line", start(line))
		return
	case id == "" && reply != nil:
		s.log.Error("a request without an id", "line", start(line))
		return
	case err != nil:
		reply = refuse(id, err)
	case reply == nil:
		return
	}
	if err := s.writer.Write(reply); err != nil {
		s.log.Error("a reply was not written", "id", id, "error", err)
		_ = s.writer.Write(refuse(id, err)) // once more for the reply that is too long; where the output is gone this fails too
	}
}

// start is as much of a bad line as a log should hold.
func start(line []byte) string {
	const enough = 200
	return string(line[:min(len(line), enough)])
}

// ready writes the first line.
func (s *session) ready(ready Ready) error {
	ready.Type, ready.Contract = "ready", Version
	return s.writer.Write(ready)
}

// parse decodes a line's own keys into target.
func parse(kind string, line []byte, target any) error {
	if err := strictly(line, target); err != nil {
		return rejectf("%s.%v", kind, err)
	}
	return nil
}

package contract

import (
	"context"
	"io"
	"log/slog"
	"net"
	"strconv"
	"sync"
	"time"
)

// server is the server's role: it opens listeners, keeps plans and shows views.
type server struct {
	opener Opener
	calls  *Calls
	log    *slog.Logger
	mu     sync.Mutex
	open   map[string]Listener // by address
}

// RunServer keeps the contract's server side until the input ends or ctx is done.
func RunServer(ctx context.Context, opener Opener, ready Ready, in io.Reader, out io.Writer, log *slog.Logger) error {
	writer := NewWriter(out)
	s := &server{opener: opener, calls: newCalls(writer, log), log: log, open: map[string]Listener{}}
	defer s.stopAll()
	session := &session{
		writer: writer, log: log,
		quick: map[string]handle{"release": releaser(&s.calls.marks), "plan": s.handlePlan},
		slow:  map[string]handle{"listen": s.handleListen, "stop": s.handleStop, "collect": s.handleCollect},
	}
	ready.Role = "server"
	if err := session.ready(ready); err != nil {
		return err
	}
	return session.run(ctx, in)
}

func (s *server) handleListen(_ context.Context, id string, line []byte) (any, error) {
	var request listenLine
	if err := parse("listen", line, &request); err != nil {
		return nil, err
	}
	configuration, err := parseConfiguration(request.Configuration)
	if err != nil {
		return nil, err
	}
	address := net.JoinHostPort(request.Host, strconv.Itoa(request.Port))
	listener, err := s.opener.Open(configuration, address, s.calls)
	if err != nil {
		return nil, rejectf("listen: %v", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open[listener.Address()] = listener
	s.log.Info("listening", "address", listener.Address(), "configuration", configuration.Name)
	return listening{Type: "listening", ID: id, Address: listener.Address()}, nil
}

func (s *server) handleStop(_ context.Context, id string, line []byte) (any, error) {
	var request stopLine
	if err := parse("stop", line, &request); err != nil {
		return nil, err
	}
	s.mu.Lock()
	listener, ok := s.open[request.Address]
	delete(s.open, request.Address)
	s.mu.Unlock()
	if !ok {
		return nil, rejectf("stop.address: nothing listens at %q", request.Address)
	}
	listener.Stop(time.Duration(request.GraceMS) * time.Millisecond)
	return plain{Type: "stopped", ID: id}, nil
}

func (s *server) handlePlan(_ context.Context, id string, line []byte) (any, error) {
	var request planLine
	if err := parse("plan", line, &request); err != nil {
		return nil, err
	}
	plan, err := request.check(s.opener)
	if err != nil {
		return nil, err
	}
	s.calls.plan(request.CallID, plan)
	return plain{Type: "planned", ID: id}, nil
}

func (s *server) handleCollect(ctx context.Context, id string, line []byte) (any, error) {
	var request collectLine
	if err := parse("collect", line, &request); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Duration(request.WaitMS)*time.Millisecond)
	defer cancel()
	attempts := s.calls.collect(ctx, request.CallID, request.Attempts)
	return view{Type: "view", ID: id, CallID: request.CallID, Attempts: attempts}, nil
}

func (s *server) stopAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, listener := range s.open {
		go listener.Stop(0) // the process is about to end, and this may take longer than it has
	}
}

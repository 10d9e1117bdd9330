package grpcgo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"grpc-interop.example/go/internal/contract"
)

// RunServer keeps the server side of the process contract.
func RunServer(ctx context.Context, in io.Reader, out, errs io.Writer) error {
	log := contract.NewLogger(errs, callOf)
	return contract.RunServer(ctx, opener{log: log}, ready(), in, out, log)
}

func ready() contract.Ready {
	return contract.NewReady("go", "google.golang.org/grpc", "google.golang.org/protobuf")
}

// callOf finds the call that a handler's context belongs to, for the log.
func callOf(ctx context.Context) string {
	if ids := metadata.ValueFromIncomingContext(ctx, contract.CallIDKey); len(ids) > 0 {
		return ids[0]
	}
	return ""
}

// opener opens servers for the contract.
type opener struct {
	log *slog.Logger
}

func (opener) Method(name string) (contract.Mode, func() any, bool) {
	m, ok := methods[name]
	return m.mode, m.newResponse, ok
}

// CheckPlan knows the one thing that grpc-go can't do: the status of a handler without an error is a constant of the library
// (server.go, statusOK), and trailers named grpc-* are dropped.
func (opener) CheckPlan(_ contract.Mode, steps []contract.Step) error {
	for _, step := range steps {
		if step.Do == "finish" && step.Status.Code == 0 && (step.Status.Message != "" || len(step.Status.Details) > 0) {
			return &contract.Unsupported{Feature: "step:finish", Reason: "grpc-go: status OK can have neither message nor details"}
		}
	}
	return nil
}

func (o opener) Open(configuration contract.Configuration, address string, calls *contract.Calls) (contract.Listener, error) {
	watch := interceptor{calls: calls}
	return listen(address, newServer(configuration, o.log, watch))
}

// newServer makes a server with the services; watchers stand between the recovery and the handlers.
func newServer(configuration contract.Configuration, log *slog.Logger, watchers ...interceptor) *grpc.Server {
	unary := []grpc.UnaryServerInterceptor{recovery{log}.unary}
	stream := []grpc.StreamServerInterceptor{recovery{log}.stream}
	for _, watcher := range watchers {
		unary = append(unary, watcher.unary)
		stream = append(stream, watcher.stream)
	}
	server := grpc.NewServer(grpc.ChainUnaryInterceptor(unary...), grpc.ChainStreamInterceptor(stream...))
	register(server, configuration, log)
	return server
}

// listener is a server that accepts.
type listener struct {
	server  *grpc.Server
	address string
	served  chan error // what Serve returned
}

func listen(address string, server *grpc.Server) (*listener, error) {
	socket, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("open a listener: %w", err)
	}
	l := &listener{server: server, address: socket.Addr().String(), served: make(chan error, 1)}
	go func() { l.served <- server.Serve(socket) }() // ends with Stop
	return l, nil
}

func (l *listener) Address() string { return l.address }

func (l *listener) Stop(grace time.Duration) {
	drained := make(chan struct{})
	if grace > 0 {
		go func() { l.server.GracefulStop(); close(drained) }() // ends with Stop at the latest
		timer := time.NewTimer(grace)
		defer timer.Stop()
		select {
		case <-drained:
		case <-timer.C:
		}
	}
	l.server.Stop()
}

// wait is until the server is stopped, or failed.
func (l *listener) wait() error {
	if err := <-l.served; !errors.Is(err, grpc.ErrServerStopped) {
		return err
	}
	return nil
}

package connectgo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"connectrpc.com/connect"

	"grpc-interop.example/go/internal/contract"
)

// RunServer keeps the server side of the process contract.
func RunServer(ctx context.Context, in io.Reader, out, errs io.Writer) error {
	log := contract.NewLogger(errs, nil)
	return contract.RunServer(ctx, opener{log: log}, ready(), in, out, log)
}

func ready() contract.Ready {
	return contract.NewReady("go-connect", "connectrpc.com/connect", "google.golang.org/protobuf")
}

// opener opens servers for the contract.
type opener struct {
	log *slog.Logger
}

func (opener) Method(name string) (contract.Mode, func() any, bool) {
	m, ok := methods[name]
	return m.mode, m.newResponse, ok
}

// CheckPlan knows what connect-go can't do.
func (opener) CheckPlan(mode contract.Mode, steps []contract.Step) error {
	for _, step := range steps {
		switch {
		case step.Do == "return_nothing":
			return &contract.Unsupported{
				Feature: "step:return_nothing",
				Reason:  "connect-go: the library panics by itself where a handler returns neither response nor error (handler.go)",
			}
		case step.Do == "finish" && mode == contract.Unary && step.Status.Code == 0 && errorOf(step.Status) != nil:
			return &contract.Unsupported{
				Feature: "step:finish/unary",
				Reason:  "connect-go: a unary handler returns a response or an error, and only an error has message and details",
			}
		}
	}
	return nil
}

func (o opener) Open(configuration contract.Configuration, address string, calls *contract.Calls) (contract.Listener, error) {
	return listen(address, o.log, newHandler(configuration, o.log, connect.WithInterceptors(interceptor{calls: calls})))
}

// newHandler makes the services' HTTP handler; what the options add stands between the recovery and the handlers.
func newHandler(configuration contract.Configuration, log *slog.Logger, options ...connect.HandlerOption) http.Handler {
	mux := http.NewServeMux()
	register(mux, configuration, log, append([]connect.HandlerOption{recovery(log)}, options...)...)
	return mux
}

// listener is a server that accepts.
type listener struct {
	server  *http.Server
	address string
	served  chan error // what Serve returned
}

func listen(address string, log *slog.Logger, handler http.Handler) (*listener, error) {
	socket, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("open a listener: %w", err)
	}
	var protocols http.Protocols
	protocols.SetHTTP1(true) // for Connect's own protocol, which is served beside gRPC
	protocols.SetUnencryptedHTTP2(true)
	server := &http.Server{Handler: handler, Protocols: &protocols, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	l := &listener{server: server, address: socket.Addr().String(), served: make(chan error, 1)}
	go func() { l.served <- server.Serve(socket) }() // ends with Stop
	return l, nil
}

func (l *listener) Address() string { return l.address }

func (l *listener) Stop(grace time.Duration) {
	if grace > 0 {
		ctx, cancel := context.WithTimeout(context.Background(), grace)
		defer cancel()
		_ = l.server.Shutdown(ctx) // the error is that the grace is over
	}
	_ = l.server.Close() // the error is the socket's, which is closed already
}

// wait is until the server is stopped, or failed.
func (l *listener) wait() error {
	if err := <-l.served; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

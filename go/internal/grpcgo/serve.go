package grpcgo

import (
	"context"
	"fmt"
	"io"
	"time"

	"grpc-interop.example/go/internal/contract"
)

// drain is how long calls in flight may take to end when a person stops the server.
const drain = 5 * time.Second

// Serve serves UserService for a person until ctx is done, then lets the calls in flight end.
func Serve(ctx context.Context, address string, pause time.Duration, out, errs io.Writer) error {
	log := contract.NewLogger(errs, callOf)
	server, err := listen(address, newServer(contract.Configuration{ListPause: &pause}, log))
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(out, "UserService (grpc-go) listens at %s\n", server.Address()); err != nil {
		return fmt.Errorf("say where the server listens: %w", err)
	}
	failed := make(chan error, 1)
	go func() { failed <- server.wait() }() // ends with Stop
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		server.Stop(drain)
		return <-failed
	}
}

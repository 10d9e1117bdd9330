package connectgo

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"

	"connectrpc.com/connect"

	"grpc-interop.example/go/internal/contract"
)

// recovery keeps a panic in a handler to its own call, where net/http would reset the stream: the log gets the stack, the client
// an UNKNOWN that says nothing of what was inside: statuscodes.md, "Server side application throws an exception".
func recovery(log *slog.Logger) connect.HandlerOption {
	return connect.WithRecover(func(ctx context.Context, _ connect.Spec, header http.Header, value any) error {
		ctx = contract.WithCall(ctx, header.Get(contract.CallIDKey))
		log.ErrorContext(ctx, "a handler panicked", "panic", value, "stack", string(debug.Stack()))
		return connect.NewError(connect.CodeUnknown, errors.New("the handler failed"))
	})
}

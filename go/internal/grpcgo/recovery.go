package grpcgo

import (
	"context"
	"log/slog"
	"runtime/debug"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// grpc-go lets a panic in a handler end the process. recovery keeps it to its own call: the log gets the stack, the client an
// UNKNOWN that says nothing of what was inside: statuscodes.md, "Server side application throws an exception".
type recovery struct {
	log *slog.Logger
}

func (r recovery) unary(
	ctx context.Context, request any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler,
) (response any, err error) {
	defer r.recover(ctx, &err)
	return handler(ctx, request)
}

func (r recovery) stream(
	service any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler,
) (err error) {
	defer r.recover(stream.Context(), &err)
	return handler(service, stream)
}

func (r recovery) recover(ctx context.Context, err *error) {
	if value := recover(); value != nil {
		r.log.ErrorContext(ctx, "a handler panicked", "panic", value, "stack", string(debug.Stack()))
		*err = status.Error(codes.Unknown, "the handler failed")
	}
}

package grpcgo

import (
	"context"
	"fmt"

	"google.golang.org/grpc"

	"grpc-interop.example/go/internal/contract"
)

// A method calls one method of one service, its messages untyped. Of the three ways to call the one that fits the mode is there.
type method struct {
	mode        contract.Mode
	newRequest  func() any
	newResponse func() any
	invoke      func(ctx context.Context, conn grpc.ClientConnInterface, request any, with ...grpc.CallOption) (any, error)
	list        func(ctx context.Context, conn grpc.ClientConnInterface, request any, with ...grpc.CallOption) (grpc.ClientStream, error)
	open        func(ctx context.Context, conn grpc.ClientConnInterface, with ...grpc.CallOption) (grpc.ClientStream, error)
}

func newMethod[Req, Res any](mode contract.Mode) method {
	return method{mode: mode, newRequest: func() any { return new(Req) }, newResponse: func() any { return new(Res) }}
}

// unary makes a method of a generated stub: the function that makes the client, and the client's method.
func unary[Client, Req, Res any](
	client func(grpc.ClientConnInterface) Client,
	call func(Client, context.Context, *Req, ...grpc.CallOption) (*Res, error),
) method {
	m := newMethod[Req, Res](contract.Unary)
	m.invoke = func(ctx context.Context, conn grpc.ClientConnInterface, request any, with ...grpc.CallOption) (any, error) {
		typed, err := as[Req](request)
		if err != nil {
			return nil, err
		}
		return call(client(conn), ctx, typed, with...)
	}
	return m
}

func serverStreaming[Client, Req, Res any](
	client func(grpc.ClientConnInterface) Client,
	call func(Client, context.Context, *Req, ...grpc.CallOption) (grpc.ServerStreamingClient[Res], error),
) method {
	m := newMethod[Req, Res](contract.ServerStreaming)
	m.list = func(ctx context.Context, conn grpc.ClientConnInterface, request any, with ...grpc.CallOption) (grpc.ClientStream, error) {
		typed, err := as[Req](request)
		if err != nil {
			return nil, err
		}
		return call(client(conn), ctx, typed, with...)
	}
	return m
}

func clientStreaming[Client, Req, Res any](
	client func(grpc.ClientConnInterface) Client,
	call func(Client, context.Context, ...grpc.CallOption) (grpc.ClientStreamingClient[Req, Res], error),
) method {
	m := newMethod[Req, Res](contract.ClientStreaming)
	m.open = func(ctx context.Context, conn grpc.ClientConnInterface, with ...grpc.CallOption) (grpc.ClientStream, error) {
		return call(client(conn), ctx, with...)
	}
	return m
}

func bidiStreaming[Client, Req, Res any](
	client func(grpc.ClientConnInterface) Client,
	call func(Client, context.Context, ...grpc.CallOption) (grpc.BidiStreamingClient[Req, Res], error),
) method {
	m := newMethod[Req, Res](contract.BidiStreaming)
	m.open = func(ctx context.Context, conn grpc.ClientConnInterface, with ...grpc.CallOption) (grpc.ClientStream, error) {
		return call(client(conn), ctx, with...)
	}
	return m
}

func as[Message any](message any) (*Message, error) {
	typed, ok := message.(*Message)
	if !ok {
		return nil, fmt.Errorf("call a stub: the message is %T, not %T", message, typed)
	}
	return typed, nil
}

package connectgo

import (
	"context"
	"fmt"

	"connectrpc.com/connect"
)

// A stub calls one method on one channel, its messages untyped. Of the four ways the one that fits the method's mode is there.
type stub struct {
	newResponse func() any
	invoke      func(ctx context.Context, request any) (any, error)
	list        func(ctx context.Context, request any) (connect.StreamingClientConn, error)
	open        func(ctx context.Context) (stream, error)
}

// A stream is a call in which the client streams. closeAndReceive is there where the response is one.
type stream struct {
	connect.StreamingClientConn

	closeAndReceive func() (any, error)
}

func unary[Req, Res any](call func(context.Context, *connect.Request[Req]) (*connect.Response[Res], error)) stub {
	return stub{
		newResponse: func() any { return new(Res) },
		invoke: func(ctx context.Context, request any) (any, error) {
			typed, err := as[Req](request)
			if err != nil {
				return nil, err
			}
			return message(call(ctx, connect.NewRequest(typed)))
		},
	}
}

func serverStreaming[Req, Res any](
	call func(context.Context, *connect.Request[Req]) (*connect.ServerStreamForClient[Res], error),
) stub {
	return stub{
		newResponse: func() any { return new(Res) },
		list: func(ctx context.Context, request any) (connect.StreamingClientConn, error) {
			typed, err := as[Req](request)
			if err != nil {
				return nil, err
			}
			answer, err := call(ctx, connect.NewRequest(typed))
			if err != nil {
				return nil, err
			}
			return answer.Conn()
		},
	}
}

func clientStreaming[Req, Res any](call func(context.Context) *connect.ClientStreamForClient[Req, Res]) stub {
	return stub{
		newResponse: func() any { return new(Res) },
		open: func(ctx context.Context) (stream, error) {
			upload := call(ctx)
			conn, err := upload.Conn()
			return stream{conn, func() (any, error) { return message(upload.CloseAndReceive()) }}, err
		},
	}
}

func bidiStreaming[Req, Res any](call func(context.Context) *connect.BidiStreamForClient[Req, Res]) stub {
	return stub{
		newResponse: func() any { return new(Res) },
		open: func(ctx context.Context) (stream, error) {
			conn, err := call(ctx).Conn()
			return stream{StreamingClientConn: conn}, err
		},
	}
}

func message[Res any](response *connect.Response[Res], err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return response.Msg, nil
}

func as[Message any](message any) (*Message, error) {
	typed, ok := message.(*Message)
	if !ok {
		return nil, fmt.Errorf("call a stub: the message is %T, not %T", message, typed)
	}
	return typed, nil
}

package connectgo

import (
	"connectrpc.com/connect"

	"grpc-interop.example/go/internal/contract"
)

// A method is the types of a method's messages, made untyped.
type method struct {
	mode        contract.Mode
	newRequest  func() any
	newResponse func() any
	respond     func(message any) connect.AnyResponse // nil where the message is of another type
}

func newMethod[Req, Res any](mode contract.Mode) method {
	return method{
		mode:        mode,
		newRequest:  func() any { return new(Req) },
		newResponse: func() any { return new(Res) },
		respond: func(message any) connect.AnyResponse {
			typed, ok := message.(*Res)
			if !ok {
				return nil
			}
			return connect.NewResponse(typed)
		},
	}
}

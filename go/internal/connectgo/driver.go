package connectgo

import (
	"context"
	"io"

	"connectrpc.com/connect"

	"grpc-interop.example/go/internal/contract"
)

// RunDriver keeps the client side of the process contract.
func RunDriver(ctx context.Context, in io.Reader, out, errs io.Writer) error {
	return contract.RunDriver(ctx, caller{}, ready(), in, out, contract.NewLogger(errs, nil))
}

// caller makes calls for the contract.
type caller struct{}

func (caller) Method(name string) (contract.Mode, func() any, bool) {
	m, ok := methods[name]
	return m.mode, m.newRequest, ok
}

func (caller) Dial(target string) (contract.Channel, error) {
	dialled := dial()
	base := "http://" + target
	return &channel{connections: dialled, base: base, stubs: stubs(dialled.client, base, connect.WithGRPC())}, nil
}

// channel is an HTTP client under the contract.
type channel struct {
	*connections

	base  string
	stubs map[string]stub
}

func (c *channel) Call(call *contract.Call) contract.Exchange {
	if call.Raw {
		return newExchange(rawStub(c.client, c.base, call.Method, call.Mode), call)
	}
	return newExchange(c.stubs[call.Method], call)
}

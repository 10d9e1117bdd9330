package grpcgo

import (
	"context"
	"fmt"
	"io"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

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
	conn, err := dial(target)
	if err != nil {
		return nil, err
	}
	return channel{conn}, nil
}

// dial opens a channel as shipped; it connects with the first call.
func dial(target string) (*grpc.ClientConn, error) {
	conn, err := grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return nil, fmt.Errorf("open a channel: %w", err)
	}
	return conn, nil
}

// channel is a ClientConn under the contract.
type channel struct {
	conn *grpc.ClientConn
}

func (c channel) Close() {
	_ = c.conn.Close() // the one error is that it is closed already
}

func (c channel) Call(call *contract.Call) contract.Exchange {
	if call.Raw {
		return newExchange(c.conn, rawMethod(call.Method, call.Mode), call, grpc.ForceCodec(rawCodec{}))
	}
	return newExchange(c.conn, methods[call.Method], call)
}

// outgoing puts the call's metadata on the wire, in its order.
func outgoing(ctx context.Context, pairs []contract.Pair) context.Context {
	words := make([]string, 0, 2*len(pairs))
	for _, pair := range pairs {
		words = append(words, pair.Key, pair.Value)
	}
	return metadata.AppendToOutgoingContext(ctx, words...)
}

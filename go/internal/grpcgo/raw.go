package grpcgo

import (
	"context"
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"

	"grpc-interop.example/go/internal/contract"
)

// rawMethod calls any method by its full name, with bytes in and out.
func rawMethod(name string, mode contract.Mode) method {
	m := newMethod[contract.Raw, contract.Raw](mode)
	desc := &grpc.StreamDesc{
		ServerStreams: !mode.OneResponse(),
		ClientStreams: !mode.OneRequest(),
	}
	m.invoke = func(ctx context.Context, conn grpc.ClientConnInterface, request any, with ...grpc.CallOption) (any, error) {
		response := new(contract.Raw)
		err := conn.Invoke(ctx, name, request, response, with...)
		return response, err
	}
	m.open = func(ctx context.Context, conn grpc.ClientConnInterface, with ...grpc.CallOption) (grpc.ClientStream, error) {
		return conn.NewStream(ctx, desc, name, with...)
	}
	m.list = func(ctx context.Context, conn grpc.ClientConnInterface, request any, with ...grpc.CallOption) (grpc.ClientStream, error) {
		stream, err := m.open(ctx, conn, with...)
		if err != nil {
			return nil, err
		}
		if err := stream.SendMsg(request); err != nil {
			return stream, err
		}
		return stream, stream.CloseSend()
	}
	return m
}

// rawCodec hands bytes through. Its name is empty, so that the content type stays the one of generated stubs.
type rawCodec struct{}

var _ encoding.Codec = rawCodec{}

func (rawCodec) Name() string { return "" }

func (rawCodec) Marshal(message any) ([]byte, error) {
	raw, ok := message.(*contract.Raw)
	if !ok {
		return nil, fmt.Errorf("marshal raw bytes: the message is %T", message)
	}
	return raw.Bytes, nil
}

func (rawCodec) Unmarshal(data []byte, message any) error {
	raw, ok := message.(*contract.Raw)
	if !ok {
		return fmt.Errorf("unmarshal raw bytes: the message is %T", message)
	}
	raw.Bytes = append([]byte{}, data...)
	return nil
}

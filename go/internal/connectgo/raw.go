package connectgo

import (
	"fmt"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"grpc-interop.example/go/internal/contract"
)

// rawStub calls any method by its full name, with bytes in and out.
func rawStub(http connect.HTTPClient, base, name string, mode contract.Mode) stub {
	client := connect.NewClient[contract.Raw, contract.Raw](http, base+name, connect.WithGRPC(), connect.WithCodec(rawCodec{}))
	switch mode {
	case contract.Unary:
		return unary(client.CallUnary)
	case contract.ServerStreaming:
		return serverStreaming(client.CallServerStream)
	case contract.ClientStreaming:
		return clientStreaming(client.CallClientStream)
	}
	return bidiStreaming(client.CallBidiStream)
}

// rawCodec hands bytes through under protobuf's name, so that the content type stays the one of generated stubs. Being named so,
// it is also given the library's own status to decode, and leaves that to protobuf.
type rawCodec struct{}

var _ connect.Codec = rawCodec{}

func (rawCodec) Name() string { return "proto" }

func (rawCodec) Marshal(message any) ([]byte, error) {
	raw, ok := message.(*contract.Raw)
	if !ok {
		return nil, fmt.Errorf("marshal raw bytes: the message is %T", message)
	}
	return raw.Bytes, nil
}

func (rawCodec) Unmarshal(data []byte, message any) error {
	switch message := message.(type) {
	case *contract.Raw:
		message.Bytes = append([]byte{}, data...)
		return nil
	case proto.Message:
		return proto.Unmarshal(data, message)
	}
	return fmt.Errorf("unmarshal raw bytes: the message is %T", message)
}

package grpcgo

import (
	"context"
	"io"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"grpc-interop.example/go/internal/contract"
)

// exchange is one call. A unary or server-streaming stub blocks in the library, so that it runs in a goroutine of its own, and
// begun is closed when it has come back.
type exchange struct {
	conn     *grpc.ClientConn
	method   method
	call     *contract.Call
	options  []grpc.CallOption
	begun    chan struct{}
	stream   grpc.ClientStream  // nil in a unary call, and where the call never got as far
	received *contract.Received // of a unary call, or of one that ended before it had a stream
	header   metadata.MD        // of a unary call
	trailer  metadata.MD
}

func newExchange(conn *grpc.ClientConn, m method, call *contract.Call, options ...grpc.CallOption) *exchange {
	return &exchange{conn: conn, method: m, call: call, options: options, begun: make(chan struct{})}
}

func (e *exchange) Begin(ctx context.Context) {
	defer close(e.begun)
	stream, err := e.method.open(outgoing(ctx, e.call.Metadata), e.conn, e.options...)
	e.opened(stream, err)
}

func (e *exchange) opened(stream grpc.ClientStream, err error) {
	if err != nil {
		e.received = contract.Answer(nil, err)
		return
	}
	e.stream = stream
}

func (e *exchange) Send(ctx context.Context, message any, ended func()) error {
	if e.call.Mode.OneRequest() {
		go e.start(outgoing(ctx, e.call.Metadata), message, ended) // ends with the call, or with its headers
		return nil
	}
	if e.stream == nil {
		return io.EOF
	}
	return e.stream.SendMsg(message)
}

func (e *exchange) start(ctx context.Context, request any, ended func()) {
	defer close(e.begun)
	if e.call.Mode == contract.Unary {
		options := append([]grpc.CallOption{grpc.Header(&e.header), grpc.Trailer(&e.trailer)}, e.options...)
		e.received = contract.Answer(e.method.invoke(ctx, e.conn, request, options...))
	} else {
		e.opened(e.method.list(ctx, e.conn, request, e.options...))
	}
	if e.received != nil {
		ended()
	}
}

func (e *exchange) HalfClose() error {
	if e.call.Mode.OneRequest() {
		return nil // the stub half-closed with the message
	}
	if e.stream == nil {
		return io.EOF
	}
	return e.stream.CloseSend()
}

func (e *exchange) Receive() (any, error) {
	<-e.begun
	if e.received != nil {
		return e.received.Next()
	}
	message := e.method.newResponse()
	if err := e.stream.RecvMsg(message); err != nil {
		return nil, err
	}
	if e.method.mode.OneResponse() {
		e.received = contract.Answer(nil, io.EOF) // a client stream is over with its response: RecvMsg has read the status too
	}
	return message, nil
}

// Result asks for the trailer only here: it is there once RecvMsg has returned an error, or a client stream its response.
func (e *exchange) Result(err error) contract.Result {
	result := contract.Result{Initial: contract.Pairs(e.header), Trailing: contract.Pairs(e.trailer)}
	if e.stream != nil {
		header, _ := e.stream.Header() // the error is the call's own, which Receive has returned
		result.Initial, result.Trailing = contract.Pairs(header), contract.Pairs(e.stream.Trailer())
	}
	if contract.IsEnd(err) {
		result.Status = &contract.Status{Code: uint32(codes.OK)}
		return result
	}
	answer, ok := status.FromError(err)
	switch {
	case ok:
		result.Status = statusOf(answer)
	default:
		result.Raised = contract.RaisedBy(err)
	}
	return result
}

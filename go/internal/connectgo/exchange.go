package connectgo

import (
	"context"
	"errors"
	"io"

	"connectrpc.com/connect"

	"grpc-interop.example/go/internal/contract"
)

// exchange is one call. A unary or server-streaming stub blocks until the response's headers come, so that it runs in a goroutine
// of its own, and begun is closed when it has come back.
type exchange struct {
	stub       stub
	call       *contract.Call
	info       connect.CallInfo // has the metadata of both directions
	begun      chan struct{}
	stream     stream // without a conn in a unary call, and where the call never got as far
	halfClosed bool   // before anything was read: then the stub's CloseAndReceive reads
	reading    bool
	received   *contract.Received // of a unary call, of a client stream, or of a call that ended before it had a stream
}

func newExchange(s stub, call *contract.Call) *exchange {
	return &exchange{stub: s, call: call, begun: make(chan struct{})}
}

// outgoing puts the call's metadata into the context, where every kind of stub finds it.
func (e *exchange) outgoing(ctx context.Context) context.Context {
	ctx, e.info = connect.NewClientContext(ctx)
	put(e.info.RequestHeader(), e.call.Metadata)
	return ctx
}

// Begin sends nothing but headers: that is what a Send without a message is for.
func (e *exchange) Begin(ctx context.Context) {
	defer close(e.begun)
	opened, err := e.stub.open(e.outgoing(ctx))
	if err != nil {
		e.received = contract.Answer(nil, err)
		return
	}
	e.stream = opened
	_ = opened.Send(nil) // where this fails, Receive has the reason
}

func (e *exchange) Send(ctx context.Context, message any, ended func()) error {
	if e.call.Mode.OneRequest() {
		go e.start(e.outgoing(ctx), message, ended) // ends with the call, or with its headers
		return nil
	}
	if e.stream.StreamingClientConn == nil {
		return io.EOF
	}
	return e.stream.Send(message)
}

func (e *exchange) start(ctx context.Context, request any, ended func()) {
	defer close(e.begun)
	if e.call.Mode == contract.Unary {
		e.received = contract.Answer(e.stub.invoke(ctx, request))
	} else {
		conn, err := e.stub.list(ctx, request)
		e.stream = stream{StreamingClientConn: conn}
		if err != nil {
			e.received = contract.Answer(nil, err)
		}
	}
	if e.received != nil {
		ended()
	}
}

func (e *exchange) HalfClose() error {
	if e.call.Mode.OneRequest() {
		return nil // the stub half-closed with the message
	}
	if e.stream.StreamingClientConn == nil {
		return io.EOF
	}
	e.halfClosed = !e.reading
	return e.stream.CloseRequest()
}

func (e *exchange) Receive() (any, error) {
	<-e.begun
	if e.received == nil && e.halfClosed && e.stream.closeAndReceive != nil {
		e.received = contract.Answer(e.stream.closeAndReceive())
	}
	if e.received != nil {
		return e.received.Next()
	}
	// This is also how the response of a client stream is read that was not half-closed: the stub's CloseAndReceive would do that.
	e.reading = true
	message := e.stub.newResponse()
	if err := e.stream.Receive(message); err != nil {
		return nil, err
	}
	return message, nil
}

func (e *exchange) Result(err error) contract.Result {
	var result contract.Result
	if e.stream.StreamingClientConn != nil {
		_ = e.stream.CloseResponse() // what it could say, Receive has said
	}
	if e.info != nil {
		result.Initial, result.Trailing = pairs(e.info.ResponseHeader()), pairs(e.info.ResponseTrailer())
	}
	var answer *connect.Error
	switch {
	case contract.IsEnd(err): // asked first: the clean end comes as an Error of code UNKNOWN around io.EOF
		result.Status = &contract.Status{}
	case errors.As(err, &answer):
		result.Status = statusOf(answer)
	default:
		result.Raised = contract.RaisedBy(err)
	}
	return result
}

package connectgo

import (
	"context"
	"net/http"

	"connectrpc.com/connect"

	"grpc-interop.example/go/internal/contract"
)

// interceptor stands around the handlers: it joins a call with its plan, carries that out in the handler's place, and notes what
// the handler saw. A call without the contract's key is none of its business, nor is a method that services.go doesn't name.
type interceptor struct {
	calls *contract.Calls
}

var _ connect.Interceptor = interceptor{}

func (i interceptor) begin(ctx context.Context, header http.Header, spec connect.Spec, peer connect.Peer) *contract.Attempt {
	return i.calls.Begin(ctx, contract.Arrival{
		CallID: header.Get(contract.CallIDKey), Method: spec.Procedure, Peer: peer.Addr, Metadata: pairs(header),
	})
}

// WrapUnary watches unary handlers.
func (i interceptor) WrapUnary(next connect.UnaryFunc) connect.UnaryFunc {
	return func(ctx context.Context, request connect.AnyRequest) (response connect.AnyResponse, err error) {
		callID := request.Header().Get(contract.CallIDKey)
		m, known := methods[request.Spec().Procedure]
		if callID == "" || !known {
			return next(ctx, request)
		}
		ctx = contract.WithCall(ctx, callID)
		attempt := i.begin(ctx, request.Header(), request.Spec(), request.Peer())
		defer end(ctx, attempt, &err, new(error))
		attempt.Handed(request.Any())
		if attempt.Planned() {
			handling := &unaryHandling{ctx: ctx, request: request.Any(), method: m}
			ending := attempt.Act(ctx, handling)
			if !ending.Serve {
				return handling.answer(ending)
			}
		}
		attempt.Served()
		response, err = next(ctx, request)
		if err == nil {
			attempt.Sent()
		}
		return response, err
	}
}

// WrapStreamingClient leaves clients alone.
func (interceptor) WrapStreamingClient(next connect.StreamingClientFunc) connect.StreamingClientFunc {
	return next
}

// WrapStreamingHandler watches the handlers of the other modes.
func (i interceptor) WrapStreamingHandler(next connect.StreamingHandlerFunc) connect.StreamingHandlerFunc {
	return func(ctx context.Context, conn connect.StreamingHandlerConn) (err error) {
		callID := conn.RequestHeader().Get(contract.CallIDKey)
		m, known := methods[conn.Spec().Procedure]
		if callID == "" || !known {
			return next(ctx, conn)
		}
		ctx = contract.WithCall(ctx, callID)
		watched := &watchedConn{StreamingHandlerConn: conn, method: m}
		if watched.method.mode.OneRequest() && !watched.readRequest() {
			return next(ctx, watched)
		}
		watched.attempt = i.begin(ctx, conn.RequestHeader(), conn.Spec(), conn.Peer())
		defer end(ctx, watched.attempt, &err, &watched.broken)
		if watched.request != nil {
			watched.attempt.Handed(watched.request)
		}
		if watched.attempt.Planned() {
			ending := watched.attempt.Act(ctx, &streamHandling{watchedConn: watched})
			if !ending.Serve {
				return watched.answer(ending)
			}
		}
		return next(ctx, watched)
	}
}

// end notes how the handler left. A panic is noted and goes on to whoever recovers it.
func end(ctx context.Context, attempt *contract.Attempt, err, broken *error) {
	value := recover()
	if value == nil {
		attempt.Leave(leftBy(ctx, *err, *broken))
		return
	}
	attempt.Leave(contract.Panicked(value))
	panic(value) // as it came: this is only its witness
}

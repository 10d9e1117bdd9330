package grpcgo

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"

	"grpc-interop.example/go/internal/contract"
)

// interceptor stands around the handlers: it joins a call with its plan, carries that out in the handler's place, and notes what
// the handler saw. A call without the contract's key is none of its business, nor is a method that services.go doesn't name.
type interceptor struct {
	calls *contract.Calls
}

func (i interceptor) begin(ctx context.Context, method string) *contract.Attempt {
	md, _ := metadata.FromIncomingContext(ctx)
	arrival := contract.Arrival{CallID: callOf(ctx), Method: method, Metadata: contract.Pairs(md)}
	if from, ok := peer.FromContext(ctx); ok {
		arrival.Peer = from.Addr.String()
	}
	return i.calls.Begin(ctx, arrival)
}

func (i interceptor) unary(
	ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler,
) (response any, err error) {
	m, known := methods[info.FullMethod]
	if callOf(ctx) == "" || !known {
		return handler(ctx, request)
	}
	attempt := i.begin(ctx, info.FullMethod)
	defer end(ctx, attempt, &err, new(error))
	attempt.Handed(request)
	serve := func() (any, error) {
		attempt.Served()
		response, err := handler(ctx, request)
		if err == nil && response != nil {
			attempt.Sent()
		}
		return response, err
	}
	if !attempt.Planned() {
		return serve()
	}
	ending := attempt.Act(ctx, &unaryHandling{ctx: ctx, request: request, method: m})
	if ending.Serve {
		return serve()
	}
	if err := setTrailer(ctx, ending.Trailers); err != nil {
		return nil, err
	}
	return ending.Response, errorOf(ending.Status)
}

func setTrailer(ctx context.Context, pairs []contract.Pair) error {
	if len(pairs) == 0 {
		return nil
	}
	return grpc.SetTrailer(ctx, mdOf(pairs))
}

func (i interceptor) stream(
	service any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler,
) (err error) {
	m, known := methods[info.FullMethod]
	if callOf(stream.Context()) == "" || !known {
		return handler(service, stream)
	}
	watched := &watchedStream{ServerStream: stream, method: m}
	if !info.IsClientStream {
		if err := watched.readRequest(); err != nil {
			return err
		}
	}
	watched.attempt = i.begin(stream.Context(), info.FullMethod)
	defer end(stream.Context(), watched.attempt, &err, &watched.broken)
	if watched.request != nil {
		watched.attempt.Handed(watched.request)
	}
	if !watched.attempt.Planned() {
		return handler(service, watched)
	}
	ending := watched.attempt.Act(stream.Context(), &streamHandling{watchedStream: watched})
	if ending.Serve {
		return handler(service, watched)
	}
	return watched.answer(ending)
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

package grpcgo

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"

	"grpc-interop.example/go/internal/contract"
)

// interceptor stands around the handlers: it joins a call with its plan, carries that out in the handler's place, and notes what
// the handler saw. A call without the contract's key is none of its business.
type interceptor struct {
	calls *contract.Calls
}

// begin is nil for a call without the key.
func (i interceptor) begin(ctx context.Context, method string) *contract.Attempt {
	md, _ := metadata.FromIncomingContext(ctx)
	ids := md.Get(contract.CallIDKey)
	if len(ids) == 0 {
		return nil
	}
	arrival := contract.Arrival{CallID: ids[0], Method: method, Metadata: contract.Pairs(md)}
	if from, ok := peer.FromContext(ctx); ok {
		arrival.Peer = from.Addr.String()
	}
	return i.calls.Begin(ctx, arrival)
}

func (i interceptor) unary(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (response any, err error) {
	attempt := i.begin(ctx, info.FullMethod)
	if attempt == nil {
		return handler(ctx, request)
	}
	defer end(ctx, attempt, &err)
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
	ending := attempt.Act(ctx, &unaryHandling{ctx: ctx, request: request, method: methods[info.FullMethod]})
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

func (i interceptor) stream(service any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) (err error) {
	if ids := metadata.ValueFromIncomingContext(stream.Context(), contract.CallIDKey); len(ids) == 0 {
		return handler(service, stream)
	}
	watched := &watchedStream{ServerStream: stream, method: methods[info.FullMethod]}
	if !info.IsClientStream {
		if err := watched.readRequest(); err != nil {
			return err
		}
	}
	watched.attempt = i.begin(stream.Context(), info.FullMethod)
	defer end(stream.Context(), watched.attempt, &err)
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
	stream.SetTrailer(mdOf(ending.Trailers))
	if ending.Response != nil {
		if err := stream.SendMsg(ending.Response); err != nil {
			return err
		}
	}
	return errorOf(ending.Status)
}

// end notes how the handler left. A panic is noted and goes on to whoever recovers it.
func end(ctx context.Context, attempt *contract.Attempt, err *error) {
	value := recover()
	if value == nil {
		attempt.Leave(leftBy(ctx, *err))
		return
	}
	attempt.Leave(contract.Panicked(value))
	panic(value) // as it came: this is only its witness
}

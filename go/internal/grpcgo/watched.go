package grpcgo

import (
	"context"
	"errors"
	"io"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	"grpc-interop.example/go/internal/contract"
)

// watchedStream is the stream as the service's code has it, with what passes noted.
type watchedStream struct {
	grpc.ServerStream

	attempt *contract.Attempt
	method  method
	request any   // the one request of a server-streaming call, read before the handler begins
	given   bool  // to the plan
	handed  bool  // to the service's code
	broken  error // the last error that the stream gave to the handler
}

// readRequest reads the one request as generated code would, so that a handler's attempt begins after decoding in every mode.
func (s *watchedStream) readRequest() error {
	request := s.method.newRequest()
	if err := s.ServerStream.RecvMsg(request); err != nil {
		return err
	}
	s.request = request
	return nil
}

// RecvMsg hands a message to the service's code.
func (s *watchedStream) RecvMsg(message any) error {
	if s.request != nil {
		return s.handRequest(message)
	}
	if err := s.ServerStream.RecvMsg(message); err != nil {
		return s.note(err)
	}
	s.attempt.Handed(message)
	s.attempt.Served()
	return nil
}

// handRequest hands over the request that was read before.
func (s *watchedStream) handRequest(message any) error {
	if s.handed {
		return io.EOF
	}
	s.handed = true
	from, fromOK := s.request.(proto.Message)
	to, toOK := message.(proto.Message)
	if !fromOK || !toOK {
		return errors.New("hand over the request: no protobuf message")
	}
	proto.Merge(to, from)
	s.attempt.Served()
	return nil
}

// SendMsg takes a message from the service's code.
func (s *watchedStream) SendMsg(message any) error {
	if err := s.ServerStream.SendMsg(message); err != nil {
		return s.note(err)
	}
	s.attempt.Sent()
	return nil
}

func (s *watchedStream) note(err error) error {
	if !errors.Is(err, io.EOF) {
		s.broken = err
	}
	return err
}

// answer ends the call as a plan says.
func (s *watchedStream) answer(ending contract.Ending) error {
	s.SetTrailer(mdOf(ending.Trailers))
	if ending.Response != nil {
		if err := s.ServerStream.SendMsg(ending.Response); err != nil {
			return s.note(err)
		}
	}
	return errorOf(ending.Status)
}

// streamHandling is a streamed call as a plan has it.
type streamHandling struct {
	*watchedStream
}

func (h *streamHandling) SendHeaders(pairs []contract.Pair) error {
	return h.ServerStream.SendHeader(mdOf(pairs))
}

func (h *streamHandling) Send(message any) error { return h.ServerStream.SendMsg(message) }

func (h *streamHandling) NewResponse() any { return h.method.newResponse() }

func (h *streamHandling) Receive() (any, error) {
	if h.request != nil {
		if h.given {
			return nil, io.EOF
		}
		h.given = true
		return h.request, nil
	}
	message := h.method.newRequest()
	return message, h.ServerStream.RecvMsg(message)
}

// unaryHandling is a unary call as a plan has it.
type unaryHandling struct {
	ctx     context.Context
	request any
	given   bool
	method  method
}

func (h *unaryHandling) SendHeaders(pairs []contract.Pair) error {
	return grpc.SendHeader(h.ctx, mdOf(pairs))
}

func (h *unaryHandling) Send(any) error {
	return errors.New("a unary call sends its response by returning it")
}

func (h *unaryHandling) NewResponse() any { return h.method.newResponse() }

func (h *unaryHandling) Receive() (any, error) {
	if h.given {
		return nil, io.EOF
	}
	h.given = true
	return h.request, nil
}

func mdOf(pairs []contract.Pair) metadata.MD {
	md := make(metadata.MD, len(pairs))
	for _, pair := range pairs {
		md.Append(pair.Key, pair.Value)
	}
	return md
}

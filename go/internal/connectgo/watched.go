package connectgo

import (
	"context"
	"errors"
	"io"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"grpc-interop.example/go/internal/contract"
)

// watchedConn is the stream as the service's code has it, with what passes noted.
type watchedConn struct {
	connect.StreamingHandlerConn

	attempt *contract.Attempt // nil for a call that has not got as far as the handler
	method  method
	request any     // the one request of a server-streaming call, read before the handler begins
	read    []error // what reading it came to: of the message, and of the end behind it
	broken  error   // the last error that the stream gave to the handler
}

// readRequest reads the one request as the library would before it runs a handler, so that an attempt begins after decoding in
// every mode. It reports whether the request is as it has to be; else the library is to find out for itself.
func (c *watchedConn) readRequest() bool {
	request := c.method.newRequest()
	err := c.StreamingHandlerConn.Receive(request)
	c.read = append(c.read, err)
	if err != nil {
		return false
	}
	c.request = request
	err = c.StreamingHandlerConn.Receive(c.method.newRequest())
	c.read = append(c.read, err)
	return errors.Is(err, io.EOF)
}

// Receive hands a message to the service's code.
func (c *watchedConn) Receive(message any) error {
	if c.method.mode.OneRequest() {
		return c.again(message)
	}
	if err := c.StreamingHandlerConn.Receive(message); err != nil {
		return c.note(err)
	}
	c.attempt.Handed(message)
	c.attempt.Served()
	return nil
}

// again hands over what readRequest read.
func (c *watchedConn) again(message any) error {
	if len(c.read) == 0 {
		return io.EOF
	}
	err := c.read[0]
	c.read = c.read[1:]
	if err != nil {
		return err
	}
	from, fromOK := c.request.(proto.Message)
	to, toOK := message.(proto.Message)
	if !fromOK || !toOK {
		return errors.New("hand over the request: no protobuf message")
	}
	proto.Merge(to, from)
	if c.attempt != nil {
		c.attempt.Served()
	}
	return nil
}

// Send takes a message from the service's code.
func (c *watchedConn) Send(message any) error {
	if err := c.StreamingHandlerConn.Send(message); err != nil {
		return c.note(err)
	}
	if message != nil {
		c.attempt.Sent()
	}
	return nil
}

func (c *watchedConn) note(err error) error {
	if !errors.Is(err, io.EOF) {
		c.broken = err
	}
	return err
}

// answer ends the call as a plan says.
func (c *watchedConn) answer(ending contract.Ending) error {
	put(c.ResponseTrailer(), ending.Trailers)
	if ending.Response != nil {
		if err := c.StreamingHandlerConn.Send(ending.Response); err != nil {
			return c.note(err)
		}
	}
	return errorOf(ending.Status)
}

// streamHandling is a streamed call as a plan has it.
type streamHandling struct {
	*watchedConn

	given bool
}

// SendHeaders flushes the headers: a Send without a message writes nothing else.
func (h *streamHandling) SendHeaders(pairs []contract.Pair) error {
	put(h.ResponseHeader(), pairs)
	return h.StreamingHandlerConn.Send(nil)
}

func (h *streamHandling) Send(message any) error { return h.StreamingHandlerConn.Send(message) }

func (h *streamHandling) NewResponse() any { return h.method.newResponse() }

func (h *streamHandling) Receive() (any, error) {
	if h.method.mode.OneRequest() {
		if h.given {
			return nil, io.EOF
		}
		h.given = true
		return h.request, nil
	}
	message := h.method.newRequest()
	return message, h.StreamingHandlerConn.Receive(message)
}

// unaryHandling is a unary call as a plan has it.
type unaryHandling struct {
	ctx     context.Context
	request any
	given   bool
	method  method
}

// SendHeaders can't send yet: the library gives a unary handler no way to, and puts them before the response.
func (h *unaryHandling) SendHeaders(pairs []contract.Pair) error {
	info, ok := connect.CallInfoForHandlerContext(h.ctx)
	if !ok {
		return errors.New("set headers: the context is no handler's")
	}
	put(info.ResponseHeader(), pairs)
	return nil
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

// answer ends the call as a plan says.
func (h *unaryHandling) answer(ending contract.Ending) (connect.AnyResponse, error) {
	info, ok := connect.CallInfoForHandlerContext(h.ctx)
	if !ok {
		return nil, errors.New("set trailers: the context is no handler's")
	}
	put(info.ResponseTrailer(), ending.Trailers)
	if err := errorOf(ending.Status); err != nil {
		return nil, err
	}
	return h.method.respond(ending.Response), nil
}

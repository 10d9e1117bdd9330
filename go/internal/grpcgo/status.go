package grpcgo

import (
	"context"
	"errors"

	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"grpc-interop.example/go/internal/contract"
)

// errorOf is a status of the contract as a handler returns it; nil for OK.
func errorOf(s *contract.Status) error {
	return status.ErrorProto(&spb.Status{Code: int32(s.Code), Message: s.Message, Details: s.Details})
}

// statusOf is the library's status in the contract's terms.
func statusOf(s *status.Status) *contract.Status {
	return &contract.Status{Code: uint32(s.Code()), Message: s.Message(), Details: s.Proto().GetDetails()}
}

// leftBy says how a handler that returned this error left its call.
func leftBy(ctx context.Context, err error) contract.Left {
	if err == nil {
		return contract.Left{How: "returned"}
	}
	answer, ok := status.FromError(err)
	switch {
	case !ok && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)):
		return contract.Left{How: "cancelled"}
	case !ok:
		return contract.Left{How: "raised", Raised: contract.RaisedBy(err)}
	case ctx.Err() != nil && (answer.Code() == codes.Canceled || answer.Code() == codes.DeadlineExceeded):
		return contract.Left{How: "cancelled"} // what the stream or the context told the handler, passed on
	}
	return contract.Left{How: "status", Status: statusOf(answer)}
}

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

// leftBy says how a handler that returned this error left its call; broken is the last error that its stream gave it.
func leftBy(ctx context.Context, err, broken error) contract.Left {
	if err == nil {
		return contract.Left{How: "returned"}
	}
	answer, ok := status.FromError(err)
	switch {
	case ctx.Err() != nil && broken != nil && errors.Is(err, broken):
		return contract.Left{How: "cancelled"} // what the stream told the handler of the end of the call, passed on
	case !ok && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)):
		return contract.Left{How: "cancelled"}
	case !ok:
		return contract.Left{How: "raised", Raised: contract.RaisedBy(err)}
	case ctx.Err() != nil && (answer.Code() == codes.Canceled || answer.Code() == codes.DeadlineExceeded):
		return contract.Left{How: "cancelled"} // the same of the context
	}
	return contract.Left{How: "status", Status: statusOf(answer)}
}

package connectgo

import (
	"context"
	"errors"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/types/known/anypb"

	"grpc-interop.example/go/internal/contract"
)

// errorOf is a status of the contract as a handler returns it; nil for an OK that says nothing more. An OK with a message or
// details is an error of code 0 to this library, which sends it as what it is.
func errorOf(s *contract.Status) error {
	if s.Code == 0 && s.Message == "" && len(s.Details) == 0 {
		return nil
	}
	answer := connect.NewError(connect.Code(s.Code), errors.New(s.Message))
	for _, value := range s.Details {
		detail, err := connect.NewErrorDetail(value)
		if err != nil {
			return err
		}
		answer.AddDetail(detail)
	}
	return answer
}

// statusOf is the library's error in the contract's terms. connect-go hides the host part of a detail's type URL.
func statusOf(err *connect.Error) *contract.Status {
	status := &contract.Status{Code: uint32(err.Code()), Message: err.Message()}
	for _, detail := range err.Details() {
		status.Details = append(status.Details, &anypb.Any{TypeUrl: "type.googleapis.com/" + detail.Type(), Value: detail.Bytes()})
	}
	return status
}

// leftBy says how a handler that returned this error left its call; broken is the last error that its stream gave it.
func leftBy(ctx context.Context, err, broken error) contract.Left {
	var answer *connect.Error
	switch {
	case err == nil:
		return contract.Left{How: "returned"}
	case !errors.As(err, &answer) && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)):
		return contract.Left{How: "cancelled"}
	case answer == nil:
		return contract.Left{How: "raised", Raised: contract.RaisedBy(err)}
	case broken != nil && errors.Is(err, broken) && (ctx.Err() != nil || isEndOfCall(answer)):
		return contract.Left{How: "cancelled"} // what the stream told the handler of the end of the call, passed on
	case ctx.Err() != nil && isEndOfCall(answer):
		return contract.Left{How: "cancelled"} // the same of the context
	case answer.Code() == 0:
		return contract.Left{How: "returned"} // an OK that says more: see errorOf
	}
	return contract.Left{How: "status", Status: statusOf(answer)}
}

func isEndOfCall(err *connect.Error) bool {
	return err.Code() == connect.CodeCanceled || err.Code() == connect.CodeDeadlineExceeded
}

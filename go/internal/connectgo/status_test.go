package connectgo

import (
	"context"
	"errors"
	"testing"

	"connectrpc.com/connect"
	"github.com/google/go-cmp/cmp"

	"grpc-interop.example/go/internal/contract"
)

func TestLeftBy(t *testing.T) {
	alive := t.Context()
	over, cancel := context.WithCancel(alive)
	cancel()
	fromStream := connect.NewError(connect.CodeCanceled, errors.New("client disconnected"))
	raised := contract.Left{How: "raised", Raised: &contract.Raised{Type: "*errors.errorString", Text: "m"}}
	cancelled := contract.Left{How: "cancelled"}
	for name, test := range map[string]struct {
		ctx         context.Context
		err, broken error
		want        contract.Left
	}{
		"no error":                       {alive, nil, nil, contract.Left{How: "returned"}},
		"an OK that says more":           {alive, errorOf(&contract.Status{Message: "m"}), nil, contract.Left{How: "returned"}},
		"a status":                       {alive, connect.NewError(connect.CodeAborted, errors.New("m")), nil, status(10, "m")},
		"a status after the end":         {over, connect.NewError(connect.CodeAborted, errors.New("m")), nil, status(10, "m")},
		"the context's error":            {over, context.DeadlineExceeded, nil, cancelled},
		"CANCELLED on purpose":           {alive, connect.NewError(connect.CodeCanceled, errors.New("m")), nil, status(1, "m")},
		"the stream's error, passed on":  {over, fromStream, fromStream, cancelled},
		"the stream knows it before ctx": {alive, fromStream, fromStream, cancelled},
		"an error that is no status":     {alive, errors.New("m"), nil, raised},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, leftBy(test.ctx, test.err, test.broken)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func status(code uint32, message string) contract.Left {
	return contract.Left{How: "status", Status: &contract.Status{Code: code, Message: message}}
}

package grpcgo

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"grpc-interop.example/go/internal/contract"
)

func TestLeftBy(t *testing.T) {
	alive, over := t.Context(), canceled(t)
	fromStream := status.Error(codes.Unavailable, "transport is closing")
	wrapped := fmt.Errorf("w: %w", status.Error(codes.Aborted, "m"))
	aborted := left(codes.Aborted, "m")
	raised := contract.Left{How: "raised", Raised: &contract.Raised{Type: "*errors.errorString", Text: "m"}}
	cancelled := contract.Left{How: "cancelled"}
	for name, test := range map[string]struct {
		ctx         context.Context
		err, broken error
		want        contract.Left
	}{
		"no error":                          {alive, nil, nil, contract.Left{How: "returned"}},
		"no error of a call that is over":   {over, nil, nil, contract.Left{How: "returned"}},
		"a status":                          {alive, status.Error(codes.Aborted, "m"), nil, aborted},
		"a status, wrapped":                 {alive, wrapped, nil, left(codes.Aborted, wrapped.Error())},
		"a status after the end":            {over, status.Error(codes.Aborted, "m"), nil, aborted},
		"the context's error":               {over, context.Canceled, nil, cancelled},
		"the context's status":              {over, status.FromContextError(context.Canceled).Err(), nil, cancelled},
		"CANCELLED on purpose":              {alive, status.Error(codes.Canceled, "m"), nil, left(codes.Canceled, "m")},
		"the stream's error, passed on":     {over, fromStream, fromStream, cancelled},
		"the stream's error of a live call": {alive, fromStream, fromStream, left(codes.Unavailable, "transport is closing")},
		"an error that is no status":        {alive, errors.New("m"), nil, raised},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, leftBy(test.ctx, test.err, test.broken)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func left(code codes.Code, message string) contract.Left {
	return contract.Left{How: "status", Status: &contract.Status{Code: uint32(code), Message: message}}
}

func canceled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

package grpcgo

import (
	"bytes"
	"context"
	"io"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"grpc-interop.example/go/gen/users"
	"grpc-interop.example/go/internal/contract"
)

// endedUpload is an upload whose end has come, in a call that may be over too.
type endedUpload struct {
	grpc.ServerStream

	ctx    context.Context
	answer *users.CreateUsersResponse
}

func (u *endedUpload) Context() context.Context          { return u.ctx }
func (u *endedUpload) Recv() (*users.UserRequest, error) { return nil, io.EOF }
func (u *endedUpload) SendAndClose(answer *users.CreateUsersResponse) error {
	u.answer = answer
	return nil
}

func TestTheEndOfAStreamIsAnUploadOnlyWhileTheCallIsAlive(t *testing.T) {
	for name, test := range map[string]struct {
		ctx      context.Context
		code     codes.Code
		answered bool
	}{
		"alive": {t.Context(), codes.OK, true},
		"over":  {canceled(t), codes.Canceled, false},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			upload := &endedUpload{ctx: test.ctx}
			err := NewUserService(nil, contract.NewLogger(&log, nil)).CreateUsers(upload)
			if got := status.Code(err); got != test.code {
				t.Errorf("got %v, want %v", got, test.code)
			}
			if (upload.answer != nil) != test.answered || (log.Len() > 0) != test.answered {
				t.Errorf("answer %v, log %q", upload.answer, log.String())
			}
		})
	}
}

package connectgo

import (
	"bytes"
	"context"
	"io"
	"net/http/httptest"
	"testing"

	"connectrpc.com/connect"

	"grpc-interop.example/go/gen/users/usersconnect"
	"grpc-interop.example/go/internal/contract"
)

// breaking is an interceptor under whose handlers every stream has ended, in a call that is over too where it says so.
type breaking struct {
	interceptor

	over bool
}

func (b breaking) WrapStreamingHandler(next connect.StreamingHandlerFunc) connect.StreamingHandlerFunc {
	return func(ctx context.Context, conn connect.StreamingHandlerConn) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		if b.over {
			cancel()
		}
		return next(ctx, endedConn{conn})
	}
}

type endedConn struct {
	connect.StreamingHandlerConn
}

func (endedConn) Receive(any) error { return io.EOF }

func TestTheEndOfAStreamIsAnUploadOnlyWhileTheCallIsAlive(t *testing.T) {
	for name, over := range map[string]bool{"alive": false, "over": true} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			logger := contract.NewLogger(&log, nil)
			server := httptest.NewServer(newHandler(contract.Configuration{}, logger, connect.WithInterceptors(breaking{over: over})))
			defer server.Close()
			_, err := usersconnect.NewUserServiceClient(server.Client(), server.URL).CreateUsers(t.Context()).CloseAndReceive()
			if broke := connect.CodeOf(err) == connect.CodeCanceled; broke != over || (err == nil) == over {
				t.Errorf("got %v", err)
			}
			if logged := log.Len() > 0; logged == over {
				t.Errorf("logged %q", log.String())
			}
		})
	}
}

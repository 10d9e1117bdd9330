package main

import (
	"context"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	"grpc-interop.example/go/gen/users"
)

// No step of a client waits for headers alone, so that this test calls by itself.
func TestPlannedHeadersGoOutAtOnce(t *testing.T) {
	for _, stack := range stackNames {
		t.Run(stack, func(t *testing.T) {
			p := pair{server: start(t, stack, "server")}
			p.address = p.listen()
			p.plan("h", chatUsers, do("headers", "metadata", [][]string{{"x-i", "1"}}), do("await", "mark", "go"))
			conn, err := grpc.NewClient(p.address, grpc.WithTransportCredentials(insecure.NewCredentials()))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			stream, err := users.NewUserServiceClient(conn).ChatUsers(metadata.AppendToOutgoingContext(ctx, "interop-call-id", "h"))
			if err != nil {
				t.Fatal(err)
			}
			headers, err := stream.Header()
			check(t, []string{"1"}, headers.Get("x-i"))
			check(t, nil, err)
			p.server.release("h", "go")
			check(t, any([]any{"ok", "ok"}), p.view("h")["steps"])
		})
	}
}

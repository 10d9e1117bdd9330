package grpcgo

import (
	"context"
	"errors"
	"io"

	"google.golang.org/grpc"

	"grpc-interop.example/go/gen/users"
	"grpc-interop.example/go/internal/calls"
)

// Loop makes the calls that in names, with nothing around the generated client: what a bench holds its own cost against.
func Loop(ctx context.Context, target string, in io.Reader) error {
	conn, err := dial(target)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	client := users.NewUserServiceClient(conn)
	return calls.Each(in, func(method string, count int) error { return loopOnce(ctx, client, method, count) })
}

func loopOnce(ctx context.Context, client users.UserServiceClient, method string, count int) error {
	switch method {
	case "GetUser":
		_, err := client.GetUser(ctx, &users.UserRequest{UserId: "1"})
		return err
	case "ListUsers":
		stream, err := client.ListUsers(ctx, &users.ListUsersRequest{PageSize: int32(count)})
		if err != nil {
			return err
		}
		return drained(stream)
	case "CreateUsers":
		stream, err := client.CreateUsers(ctx)
		if err != nil {
			return err
		}
		for range count {
			if err := stream.Send(&users.UserRequest{UserId: "1"}); err != nil {
				return err
			}
		}
		_, err = stream.CloseAndRecv()
		return err
	case "ChatUsers":
		stream, err := client.ChatUsers(ctx)
		if err != nil {
			return err
		}
		for range count {
			if err := stream.Send(&users.ChatMessage{UserId: "1", Message: "m"}); err != nil {
				return err
			}
		}
		if err := stream.CloseSend(); err != nil {
			return err
		}
		return drained(stream)
	}
	return errors.New("no method of UserService")
}

func drained[T any](stream grpc.ServerStreamingClient[T]) error {
	for {
		if _, err := stream.Recv(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

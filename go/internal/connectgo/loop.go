package connectgo

import (
	"context"
	"errors"
	"io"

	"connectrpc.com/connect"

	"grpc-interop.example/go/gen/users"
	"grpc-interop.example/go/gen/users/usersconnect"
	"grpc-interop.example/go/internal/calls"
)

// Loop makes the calls that in names, with nothing around the generated client: what a bench holds its own cost against.
func Loop(ctx context.Context, target string, in io.Reader) error {
	dialled := dial()
	defer dialled.Close()
	client := usersconnect.NewUserServiceClient(dialled.client, "http://"+target, connect.WithGRPC())
	return calls.Each(in, func(method string, count int) error { return loopOnce(ctx, client, method, count) })
}

func loopOnce(ctx context.Context, client usersconnect.UserServiceClient, method string, count int) error {
	switch method {
	case "GetUser":
		_, err := client.GetUser(ctx, connect.NewRequest(&users.UserRequest{UserId: "1"}))
		return err
	case "ListUsers":
		stream, err := client.ListUsers(ctx, connect.NewRequest(&users.ListUsersRequest{PageSize: int32(count)}))
		if err != nil {
			return err
		}
		defer func() { _ = stream.Close() }()
		for stream.Receive() {
		}
		return stream.Err()
	case "CreateUsers":
		stream := client.CreateUsers(ctx)
		for range count {
			if err := stream.Send(&users.UserRequest{UserId: "1"}); err != nil {
				return err
			}
		}
		_, err := stream.CloseAndReceive()
		return err
	case "ChatUsers":
		return loopChat(client.ChatUsers(ctx), count)
	}
	return errors.New("no method of UserService")
}

func loopChat(stream *connect.BidiStreamForClient[users.ChatMessage, users.ChatMessage], count int) error {
	defer func() { _ = stream.CloseResponse() }()
	for range count {
		if err := stream.Send(&users.ChatMessage{UserId: "1", Message: "m"}); err != nil {
			return err
		}
	}
	if err := stream.CloseRequest(); err != nil {
		return err
	}
	for {
		if _, err := stream.Receive(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

package grpcgo

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"google.golang.org/grpc"

	"grpc-interop.example/go/gen/users"
)

// Loop makes the calls that in names, one after another, with nothing around the generated client: what a bench holds its own cost
// against. A line is a method and how many messages go with it ("ListUsers 3": three come back).
func Loop(ctx context.Context, target string, in io.Reader) error {
	conn, err := dial(target)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	client := users.NewUserServiceClient(conn)
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		var method string
		var count int
		if _, err := fmt.Sscan(lines.Text(), &method, &count); err != nil {
			return fmt.Errorf("the line %q: %w", lines.Text(), err)
		}
		if err := loopOnce(ctx, client, method, count); err != nil {
			return fmt.Errorf("%s: %w", method, err)
		}
	}
	return lines.Err()
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

package grpcgo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"grpc-interop.example/go/gen/users"
)

// timeout is the deadline of each call that a person makes.
const timeout = 5 * time.Second

// visitors is how many users and messages a first visit sends.
const visitors = 3

// Call makes the four calls of a first visit, each with a deadline, and prints what comes.
func Call(ctx context.Context, target string, out io.Writer) error {
	conn, err := dial(target)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	client := users.NewUserServiceClient(conn)
	for _, visit := range []struct {
		name string
		make func(context.Context, users.UserServiceClient, io.Writer) error
	}{{"GetUser", getUser}, {"ListUsers", listUsers}, {"CreateUsers", createUsers}, {"ChatUsers", chatUsers}} {
		if err := within(ctx, client, out, visit.make); err != nil {
			return fmt.Errorf("%s: %w", visit.name, err)
		}
	}
	return nil
}

func within(
	ctx context.Context, client users.UserServiceClient, out io.Writer,
	visit func(context.Context, users.UserServiceClient, io.Writer) error,
) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return visit(ctx, client, out)
}

func getUser(ctx context.Context, client users.UserServiceClient, out io.Writer) error {
	user, err := client.GetUser(ctx, &users.UserRequest{UserId: "1"})
	if err != nil {
		return err
	}
	return say(out, "User received: %s", user.GetName())
}

func listUsers(ctx context.Context, client users.UserServiceClient, out io.Writer) error {
	stream, err := client.ListUsers(ctx, &users.ListUsersRequest{PageSize: visitors})
	if err != nil {
		return err
	}
	for {
		user, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := say(out, "Received user: %s", user.GetName()); err != nil {
			return err
		}
	}
}

func createUsers(ctx context.Context, client users.UserServiceClient, out io.Writer) error {
	stream, err := client.CreateUsers(ctx)
	if err != nil {
		return err
	}
	for n := range visitors {
		// Send's io.EOF means that the call is over; CloseAndRecv has the reason.
		if err := stream.Send(&users.UserRequest{UserId: strconv.Itoa(n + 1)}); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
	}
	created, err := stream.CloseAndRecv()
	if err != nil {
		return err
	}
	return say(out, "Created %d users", created.GetUserCount())
}

// chatUsers sends a message and waits for the answer to it, so that it needs no second goroutine.
func chatUsers(ctx context.Context, client users.UserServiceClient, out io.Writer) error {
	stream, err := client.ChatUsers(ctx)
	if err != nil {
		return err
	}
	for n := range visitors {
		message := &users.ChatMessage{UserId: strconv.Itoa(n + 1), Message: fmt.Sprintf("Hello %d", n+1)}
		if err := stream.Send(message); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		reply, err := stream.Recv()
		if err != nil {
			return err
		}
		if err := say(out, "%s", reply.GetMessage()); err != nil {
			return err
		}
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	if _, err := stream.Recv(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("after the last reply: %w", err)
	}
	return nil
}

func say(out io.Writer, format string, values ...any) error {
	_, err := fmt.Fprintf(out, format+"\n", values...)
	return err
}

package connectgo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"connectrpc.com/connect"

	"grpc-interop.example/go/gen/users"
	"grpc-interop.example/go/gen/users/usersconnect"
)

// timeout is the deadline of each call that a person makes.
const timeout = 5 * time.Second

// visitors is how many users and messages a first visit sends.
const visitors = 3

// Call makes the four calls of a first visit, each with a deadline, and prints what comes.
func Call(ctx context.Context, target string, out io.Writer) error {
	dialled := dial()
	defer dialled.Close()
	client := usersconnect.NewUserServiceClient(dialled.client, "http://"+target, connect.WithGRPC())
	for _, visit := range []struct {
		name string
		make func(context.Context, usersconnect.UserServiceClient, io.Writer) error
	}{{"GetUser", getUser}, {"ListUsers", listUsers}, {"CreateUsers", createUsers}, {"ChatUsers", chatUsers}} {
		if err := within(ctx, client, out, visit.make); err != nil {
			return fmt.Errorf("%s: %w", visit.name, err)
		}
	}
	return nil
}

func within(
	ctx context.Context, client usersconnect.UserServiceClient, out io.Writer,
	visit func(context.Context, usersconnect.UserServiceClient, io.Writer) error,
) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return visit(ctx, client, out)
}

func getUser(ctx context.Context, client usersconnect.UserServiceClient, out io.Writer) error {
	user, err := client.GetUser(ctx, connect.NewRequest(&users.UserRequest{UserId: "1"}))
	if err != nil {
		return err
	}
	return say(out, "User received: %s", user.Msg.GetName())
}

func listUsers(ctx context.Context, client usersconnect.UserServiceClient, out io.Writer) error {
	stream, err := client.ListUsers(ctx, connect.NewRequest(&users.ListUsersRequest{PageSize: visitors}))
	if err != nil {
		return err
	}
	defer func() { _ = stream.Close() }()
	for stream.Receive() {
		if err := say(out, "Received user: %s", stream.Msg().GetName()); err != nil {
			return err
		}
	}
	return stream.Err()
}

func createUsers(ctx context.Context, client usersconnect.UserServiceClient, out io.Writer) error {
	stream := client.CreateUsers(ctx)
	for n := range visitors {
		// Send's io.EOF means that the call is over; CloseAndReceive has the reason.
		if err := stream.Send(&users.UserRequest{UserId: strconv.Itoa(n + 1)}); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
	}
	created, err := stream.CloseAndReceive()
	if err != nil {
		return err
	}
	return say(out, "Created %d users", created.Msg.GetUserCount())
}

// chatUsers sends a message and waits for the answer to it, so that it needs no second goroutine.
func chatUsers(ctx context.Context, client usersconnect.UserServiceClient, out io.Writer) error {
	stream := client.ChatUsers(ctx)
	defer func() { _ = stream.CloseResponse() }()
	for n := range visitors {
		message := &users.ChatMessage{UserId: strconv.Itoa(n + 1), Message: fmt.Sprintf("Hello %d", n+1)}
		if err := stream.Send(message); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		reply, err := stream.Receive()
		if err != nil {
			return err
		}
		if err := say(out, "%s", reply.GetMessage()); err != nil {
			return err
		}
	}
	if err := stream.CloseRequest(); err != nil {
		return err
	}
	if _, err := stream.Receive(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("after the last reply: %w", err)
	}
	return nil
}

func say(out io.Writer, format string, values ...any) error {
	_, err := fmt.Fprintf(out, format+"\n", values...)
	return err
}

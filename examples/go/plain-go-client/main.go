// A plain client of UserService: calls each method once and prints what it got; exit code 1 where a call fails.
//
//	plain-go-client HOST:PORT
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"grpc-interop.example/go/gen/users"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: plain-go-client HOST:PORT")
		os.Exit(2)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := callEach(ctx, os.Args[1]); err != nil {
		ended := status.Convert(err)
		fmt.Fprintf(os.Stderr, "%s: %s\n", ended.Code(), ended.Message())
		os.Exit(1)
	}
}

func callEach(ctx context.Context, target string) error {
	connection, err := grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	client := users.NewUserServiceClient(connection)
	for _, call := range []func(context.Context, users.UserServiceClient) error{getUser, listUsers, createUsers, chatUsers} {
		if err := call(ctx, client); err != nil {
			return err
		}
	}
	return nil
}

func getUser(ctx context.Context, client users.UserServiceClient) error {
	user, err := client.GetUser(ctx, &users.UserRequest{UserId: "1"})
	if err != nil {
		return err
	}
	fmt.Printf("GetUser: %s, %s, %s\n", user.GetUserId(), user.GetName(), user.GetEmail())
	return nil
}

func listUsers(ctx context.Context, client users.UserServiceClient) error {
	stream, err := client.ListUsers(ctx, &users.ListUsersRequest{PageSize: 2})
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
		fmt.Printf("ListUsers: %s, %s, %s\n", user.GetUserId(), user.GetName(), user.GetEmail())
	}
}

func createUsers(ctx context.Context, client users.UserServiceClient) error {
	stream, err := client.CreateUsers(ctx)
	if err != nil {
		return err
	}
	for _, id := range []string{"1", "2", "3"} {
		if err := stream.Send(&users.UserRequest{UserId: id}); err != nil {
			break // CloseAndRecv says why
		}
	}
	created, err := stream.CloseAndRecv()
	if err != nil {
		return err
	}
	fmt.Printf("CreateUsers: %d users, success %t\n", created.GetUserCount(), created.GetSuccess())
	return nil
}

func chatUsers(ctx context.Context, client users.UserServiceClient) error {
	stream, err := client.ChatUsers(ctx)
	if err != nil {
		return err
	}
	for _, message := range []string{"hello", "bye"} {
		if err := stream.Send(&users.ChatMessage{UserId: "1", Message: message}); err != nil {
			break // Recv says why
		}
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	for {
		answer, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		fmt.Printf("ChatUsers: %s, %s, at %s\n", answer.GetUserId(), answer.GetMessage(), answer.GetTimestamp())
	}
}

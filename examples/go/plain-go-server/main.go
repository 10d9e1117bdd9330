// A plain server of UserService: grpc-go and the generated code, nothing of the harness.
//
//	plain-go-server [-address HOST:PORT] [-list-pause DURATION]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"grpc-interop.example/go/gen/users"
)

func main() {
	address := flag.String("address", "127.0.0.1:50062", "where to listen")
	pause := flag.Duration("list-pause", 100*time.Millisecond, "the pause between two users of ListUsers")
	flag.Parse()
	if err := serve(*address, *pause); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(address string, pause time.Duration) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	server := grpc.NewServer()
	users.RegisterUserServiceServer(server, &userService{pause: pause})
	return server.Serve(listener)
}

type userService struct {
	users.UnimplementedUserServiceServer

	pause time.Duration
}

func (s *userService) GetUser(_ context.Context, request *users.UserRequest) (*users.UserResponse, error) {
	if err := checkID(request.GetUserId()); err != nil {
		return nil, err
	}
	return user(request.GetUserId()), nil
}

func (s *userService) ListUsers(request *users.ListUsersRequest, stream grpc.ServerStreamingServer[users.UserResponse]) error {
	if request.GetPageSize() < 0 {
		return invalid("page_size", "must not be negative")
	}
	for n := range request.GetPageSize() {
		if n > 0 {
			select {
			case <-time.After(s.pause):
			case <-stream.Context().Done():
				return status.FromContextError(stream.Context().Err()).Err()
			}
		}
		if err := stream.Send(user(strconv.Itoa(int(n)))); err != nil {
			return err
		}
	}
	return nil
}

func (s *userService) CreateUsers(stream grpc.ClientStreamingServer[users.UserRequest, users.CreateUsersResponse]) error {
	var count int32
	for {
		request, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return stream.SendAndClose(&users.CreateUsersResponse{UserCount: count, Success: true})
		}
		if err != nil {
			return err // it broke off: no upload
		}
		if err := checkID(request.GetUserId()); err != nil {
			return err
		}
		count++
	}
}

func (s *userService) ChatUsers(stream grpc.BidiStreamingServer[users.ChatMessage, users.ChatMessage]) error {
	for {
		message, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := checkID(message.GetUserId()); err != nil {
			return err
		}
		err = stream.Send(&users.ChatMessage{
			UserId:    message.GetUserId(),
			Message:   "Received: " + message.GetMessage(),
			Timestamp: time.Now().UTC().Format(time.TimeOnly),
		})
		if err != nil {
			return err
		}
	}
}

func user(id string) *users.UserResponse {
	return &users.UserResponse{UserId: id, Name: "User " + id, Email: "user" + id + "@example.com"}
}

func checkID(id string) error {
	if id == "" {
		return invalid("user_id", "must not be empty")
	}
	return nil
}

// invalid is INVALID_ARGUMENT with a BadRequest.
func invalid(field, description string) error {
	violation := &errdetails.BadRequest_FieldViolation{Field: field, Description: description}
	ended, err := status.New(codes.InvalidArgument, field+" "+description).WithDetails(
		&errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{violation}})
	if err != nil {
		return err
	}
	return ended.Err()
}

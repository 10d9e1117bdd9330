package grpcgo

import (
	"log/slog"

	"google.golang.org/grpc"

	"grpc-interop.example/go/gen/users"
	"grpc-interop.example/go/internal/contract"
)

// This is the one file of the stack that names services. Another team's proto needs its registration and its stubs here.

// register puts the services on a server.
func register(server grpc.ServiceRegistrar, configuration contract.Configuration, log *slog.Logger) {
	users.RegisterUserServiceServer(server, NewUserService(configuration.ListPause, log))
}

// methods are the generated stubs and the message types, by full method name.
var methods = map[string]method{
	users.UserService_GetUser_FullMethodName:     unary(users.NewUserServiceClient, users.UserServiceClient.GetUser),
	users.UserService_ListUsers_FullMethodName:   serverStreaming(users.NewUserServiceClient, users.UserServiceClient.ListUsers),
	users.UserService_CreateUsers_FullMethodName: clientStreaming(users.NewUserServiceClient, users.UserServiceClient.CreateUsers),
	users.UserService_ChatUsers_FullMethodName:   bidiStreaming(users.NewUserServiceClient, users.UserServiceClient.ChatUsers),
}

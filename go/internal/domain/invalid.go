package domain

import "google.golang.org/genproto/googleapis/rpc/errdetails"

// Invalid says which field of a message is wrong. A stack answers it as INVALID_ARGUMENT, with Error as the status message and
// BadRequest as the one detail.
type Invalid struct {
	Field, Description string
}

func (i *Invalid) Error() string { return i.Field + " " + i.Description }

// BadRequest is the status detail that tells a program what Error tells a person.
func (i *Invalid) BadRequest() *errdetails.BadRequest {
	return &errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{
		{Field: i.Field, Description: i.Description},
	}}
}

// CheckID finds an empty user_id. The error is an *Invalid.
func CheckID(id string) error {
	if id == "" {
		return &Invalid{Field: "user_id", Description: "must not be empty"}
	}
	return nil
}

// CheckPageSize finds a negative page_size. The error is an *Invalid.
func CheckPageSize(size int32) error {
	if size < 0 {
		return &Invalid{Field: "page_size", Description: "must not be negative"}
	}
	return nil
}

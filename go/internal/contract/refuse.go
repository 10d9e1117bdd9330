package contract

import (
	"errors"
	"fmt"
)

// Unsupported says that this program or its library can't do what was asked.
type Unsupported struct {
	Feature, Reason string
}

func (u *Unsupported) Error() string { return u.Feature + ": " + u.Reason }

// Rejected says that a request breaks the contract; Reason begins with the path of what is wrong.
type Rejected struct {
	Reason string
}

func (r *Rejected) Error() string { return r.Reason }

func rejectf(format string, values ...any) error {
	return &Rejected{Reason: fmt.Sprintf(format, values...)}
}

// refuse makes the reply to a request that came to nothing. An error of neither kind is a failure to do what was asked for
// rightly (a port that is taken): the contract has no third answer.
func refuse(id string, err error) refusal {
	var unsupported *Unsupported
	if errors.As(err, &unsupported) {
		return refusal{Type: "unsupported", ID: id, Feature: unsupported.Feature, Reason: unsupported.Reason}
	}
	return refusal{Type: "rejected", ID: id, Reason: err.Error()}
}

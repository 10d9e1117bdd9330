package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

// strictly decodes a JSON value and takes no key that target doesn't have: a key that is passed over in silence is a wish that
// nobody fulfils.
func strictly(data []byte, target any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(target)
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrong):
		return rejectf("%s: a %s is no %s", wrong.Field, wrong.Value, wrong.Type.Kind())
	case err != nil:
		return rejectf("%s", strings.TrimPrefix(err.Error(), "json: "))
	}
	return nil
}

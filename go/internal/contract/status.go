package contract

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/known/anypb"
)

// A Status is how a call ended. Code is the number on the wire, which may be outside 0 to 16.
type Status struct {
	Code    uint32
	Message string
	Details []*anypb.Any
}

// codeNames are the names of the codes 0 to 16, as lines have them.
var codeNames = []string{
	"OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
	"RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS",
	"UNAUTHENTICATED",
}

// CodeName is a code's name, or its digits where it has none.
func CodeName(code uint32) string {
	if int(code) < len(codeNames) {
		return codeNames[code]
	}
	return strconv.FormatUint(uint64(code), 10)
}

func parseCode(word string) (uint32, error) {
	if code := slices.Index(codeNames, word); code >= 0 {
		return uint32(code), nil
	}
	code, err := strconv.ParseUint(word, 10, 32)
	if err != nil {
		return 0, fmt.Errorf("%q is no status code", word)
	}
	return uint32(code), nil
}

type statusJSON struct {
	Code    string       `json:"code"`
	Message string       `json:"message"`
	Details []detailJSON `json:"details"`
}

type detailJSON struct {
	TypeURL string          `json:"type_url"`
	JSON    json.RawMessage `json:"json,omitempty"`
	Raw     *string         `json:"raw,omitempty"`
}

// MarshalJSON writes the status as it stands on a line.
func (s *Status) MarshalJSON() ([]byte, error) {
	line := statusJSON{Code: CodeName(s.Code), Message: s.Message, Details: []detailJSON{}}
	for _, detail := range s.Details {
		line.Details = append(line.Details, describeDetail(detail))
	}
	return json.Marshal(line)
}

// describeDetail shows a detail as JSON where its type is known and its bytes are of that type, else as the bytes.
func describeDetail(detail *anypb.Any) detailJSON {
	if message, err := detail.UnmarshalNew(); err == nil {
		if text, err := protoJSON(message); err == nil {
			return detailJSON{TypeURL: detail.GetTypeUrl(), JSON: text}
		}
	}
	raw := base64.StdEncoding.EncodeToString(detail.GetValue())
	return detailJSON{TypeURL: detail.GetTypeUrl(), Raw: &raw}
}

// UnmarshalJSON reads the status as it stands on a line; message and details may be missing.
func (s *Status) UnmarshalJSON(data []byte) error {
	var line statusJSON
	if err := strictly(data, &line); err != nil {
		return err
	}
	code, err := parseCode(line.Code)
	if err != nil {
		return err
	}
	*s = Status{Code: code, Message: line.Message}
	for i, detail := range line.Details {
		value, err := detail.parse()
		if err != nil {
			return fmt.Errorf("details[%d]: %w", i, err)
		}
		s.Details = append(s.Details, value)
	}
	return nil
}

func (d detailJSON) parse() (*anypb.Any, error) {
	if d.Raw != nil {
		value, err := base64.StdEncoding.DecodeString(*d.Raw)
		return &anypb.Any{TypeUrl: d.TypeURL, Value: value}, err
	}
	kind, err := protoregistry.GlobalTypes.FindMessageByURL(d.TypeURL)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.TypeURL, err)
	}
	message := kind.New().Interface()
	if err := protojson.Unmarshal(d.JSON, message); err != nil {
		return nil, fmt.Errorf("%s: %w", d.TypeURL, err)
	}
	value, err := proto.MarshalOptions{Deterministic: true}.Marshal(message)
	return &anypb.Any{TypeUrl: d.TypeURL, Value: value}, err
}

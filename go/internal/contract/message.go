package contract

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strconv"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Raw is a message of a raw call: bytes that no library looks into.
type Raw struct {
	Bytes []byte
}

// messageSpec is a message as a step has it.
type messageSpec struct {
	JSON json.RawMessage `json:"json"`
	Raw  *string         `json:"raw"`
	Fill *struct {
		Field string `json:"field"`
		Size  int    `json:"size"`
	} `json:"fill"`
}

// A payload makes message number i of a send step.
type payload func(number int) (any, error)

var place = []byte("{i}")

// payload prepares the messages of a send step: raw ones where newMessage is nil. A message is parsed once, and again for each
// number only where a number stands in it. Parsing here means that a wrong message is found before anything is started.
func (m *messageSpec) payload(path string, numbered bool, newMessage func() any) (payload, error) {
	if newMessage == nil {
		return m.rawPayload(path)
	}
	if m.Raw != nil {
		return nil, rejectf("%s.raw: raw bytes need a raw call", path)
	}
	if m.JSON == nil {
		return nil, rejectf("%s: has neither json nor raw", path)
	}
	if numbered && bytes.Contains(m.JSON, place) {
		each := func(number int) (any, error) {
			text := bytes.ReplaceAll(m.JSON, place, strconv.AppendInt(nil, int64(number), 10))
			return m.parse(path, text, newMessage)
		}
		_, err := each(0)
		return each, err
	}
	message, err := m.parse(path, m.JSON, newMessage)
	return func(int) (any, error) { return message, nil }, err
}

func (m *messageSpec) rawPayload(path string) (payload, error) {
	if m.Raw == nil {
		return nil, rejectf("%s: a raw call needs raw", path)
	}
	value, err := base64.StdEncoding.DecodeString(*m.Raw)
	if err != nil {
		return nil, rejectf("%s.raw: no padded base64", path)
	}
	return func(int) (any, error) { return &Raw{Bytes: value}, nil }, nil
}

func (m *messageSpec) parse(path string, text []byte, newMessage func() any) (any, error) {
	message, ok := newMessage().(proto.Message)
	if !ok {
		return nil, rejectf("%s: %T is no protobuf message", path, message)
	}
	if err := protojson.Unmarshal(text, message); err != nil {
		return nil, rejectf("%s.json: %v", path, err)
	}
	return message, m.fill(path, message.ProtoReflect())
}

func (m *messageSpec) fill(path string, message protoreflect.Message) error {
	if m.Fill == nil {
		return nil
	}
	field := message.Descriptor().Fields().ByName(protoreflect.Name(m.Fill.Field))
	if field == nil || field.Kind() != protoreflect.StringKind || field.IsList() {
		return rejectf("%s.fill: %s has no string field %q", path, message.Descriptor().FullName(), m.Fill.Field)
	}
	if m.Fill.Size < 0 {
		return rejectf("%s.fill: size %d", path, m.Fill.Size)
	}
	message.Set(field, protoreflect.ValueOfString(Pattern(m.Fill.Size)))
	return nil
}

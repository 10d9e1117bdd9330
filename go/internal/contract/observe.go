package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Observe is a message as it is reported: JSON of its type with proto names, every field, and long strings as their digest.
func Observe(message any) (json.RawMessage, error) {
	switch message := message.(type) {
	case *Raw:
		return json.Marshal(map[string][]byte{"raw": message.Bytes})
	case proto.Message:
		if text, ok := observeFlat(message.ProtoReflect()); ok {
			return text, nil
		}
		return observeAny(message)
	}
	return nil, fmt.Errorf("observe a message: %T is none", message)
}

// observeFlat is the fast path, for messages of singular strings, 32-bit integers and bools: a tenth of protojson's time.
func observeFlat(message protoreflect.Message) (json.RawMessage, bool) {
	fields := message.Descriptor().Fields()
	text := []byte{'{'}
	for i := range fields.Len() {
		field := fields.Get(i)
		if field.Cardinality() == protoreflect.Repeated || field.HasPresence() {
			return nil, false
		}
		if i > 0 {
			text = append(text, ',')
		}
		text = strconv.AppendQuote(text, string(field.Name()))
		text = append(text, ':')
		var ok bool
		if text, ok = appendScalar(text, field.Kind(), message.Get(field)); !ok {
			return nil, false
		}
	}
	return append(text, '}'), true
}

func appendScalar(text []byte, kind protoreflect.Kind, value protoreflect.Value) ([]byte, bool) {
	switch kind {
	case protoreflect.StringKind:
		quoted, err := json.Marshal(Digest(value.String()))
		return append(text, quoted...), err == nil
	case protoreflect.BoolKind:
		return strconv.AppendBool(text, value.Bool()), true
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		return strconv.AppendInt(text, value.Int(), 10), true
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		return strconv.AppendUint(text, value.Uint(), 10), true
	}
	return text, false
}

// observeAny is the general way, by way of protojson.
func observeAny(message proto.Message) (json.RawMessage, error) {
	text, err := protoJSON(message)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, fmt.Errorf("observe a message: %w", err)
	}
	return json.Marshal(digested(value))
}

// protoJSON takes out the whitespace that protojson puts in at random.
func protoJSON(message proto.Message) (json.RawMessage, error) {
	text, err := protojson.MarshalOptions{UseProtoNames: true, EmitDefaultValues: true}.Marshal(message)
	if err != nil {
		return nil, fmt.Errorf("write a message as JSON: %w", err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, text); err != nil {
		return nil, fmt.Errorf("write a message as JSON: %w", err)
	}
	return compact.Bytes(), nil
}

func digested(value any) any {
	switch value := value.(type) {
	case string:
		return Digest(value)
	case []any:
		for i := range value {
			value[i] = digested(value[i])
		}
	case map[string]any:
		for key := range value {
			value[key] = digested(value[key])
		}
	}
	return value
}

package contract

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	"grpc-interop.example/go/gen/users"
)

func newChat() any { return new(users.ChatMessage) }

func specOf(t *testing.T, text string) *messageSpec {
	t.Helper()
	spec := new(messageSpec)
	if err := strictly([]byte(text), spec); err != nil {
		t.Fatal(err)
	}
	return spec
}

func TestPayload(t *testing.T) {
	for name, test := range map[string]struct {
		spec     string
		numbered bool
		number   int
		want     proto.Message
	}{
		"proto names":       {`{"json": {"user_id": "1", "message": "hi"}}`, false, 0, &users.ChatMessage{UserId: "1", Message: "hi"}},
		"numbered":          {`{"json": {"user_id": "u{i}", "message": "{i}{i}"}}`, true, 12, &users.ChatMessage{UserId: "u12", Message: "1212"}},
		"without a count":   {`{"json": {"user_id": "u{i}"}}`, false, 12, &users.ChatMessage{UserId: "u{i}"}},
		"filled":            {`{"json": {"user_id": "1"}, "fill": {"field": "message", "size": 3}}`, false, 0, &users.ChatMessage{UserId: "1", Message: "5fe"}},
		"empty":             {`{"json": {}}`, false, 0, &users.ChatMessage{}},
		"the first of many": {`{"json": {"user_id": "{i}"}}`, true, 0, &users.ChatMessage{UserId: "0"}},
		"numbered no place": {`{"json": {"user_id": "x"}}`, true, 3, &users.ChatMessage{UserId: "x"}},
	} {
		t.Run(name, func(t *testing.T) {
			payload, err := specOf(t, test.spec).payload("m", test.numbered, newChat)
			if err != nil {
				t.Fatal(err)
			}
			got, err := payload(test.number)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got, protocmp.Transform()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRawPayload(t *testing.T) {
	payload, err := specOf(t, `{"raw": "AAE="}`).payload("m", false, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := payload(0)
	if diff := cmp.Diff(any(&Raw{Bytes: []byte{0, 1}}), got); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestPayloadIsRejectedWithItsPath(t *testing.T) {
	for name, test := range map[string]struct {
		spec       string
		newMessage func() any
		want       string
	}{
		"an unknown field":    {`{"json": {"name": "x"}}`, newChat, "m.json: "},
		"a wrong type":        {`{"json": {"user_id": 1}}`, newChat, "m.json: "},
		"raw without raw":     {`{"raw": "AAE="}`, newChat, "m.raw: "},
		"json in a raw call":  {`{"json": {}}`, nil, "m: "},
		"no base64":           {`{"raw": "?"}`, nil, "m.raw: "},
		"nothing":             {`{}`, newChat, "m: "},
		"an unknown fill":     {`{"json": {}, "fill": {"field": "name", "size": 1}}`, newChat, "m.fill: "},
		"a negative fill":     {`{"json": {}, "fill": {"field": "message", "size": -1}}`, newChat, "m.fill: "},
		"wrong when numbered": {`{"json": {"name": "{i}"}}`, newChat, "m.json: "},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := specOf(t, test.spec).payload("m", true, test.newMessage)
			var rejected *Rejected
			if !errors.As(err, &rejected) || !strings.HasPrefix(rejected.Reason, test.want) {
				t.Errorf("got %v, want a rejection that begins with %q", err, test.want)
			}
		})
	}
}

func TestObserve(t *testing.T) {
	long := strings.Repeat("a", 1025)
	for name, test := range map[string]struct {
		message any
		want    string
	}{
		"every field":        {&users.UserResponse{UserId: "1"}, `{"user_id":"1","name":"","email":""}`},
		"numbers and bools":  {&users.CreateUsersResponse{UserCount: -3, Success: true}, `{"user_count":-3,"success":true}`},
		"no HTML escapes":    {&users.UserRequest{UserId: "<&>\"\n\u2028ü"}, `{"user_id":"<&>\"\n\u2028ü"}`},
		"a long string":      {&users.UserRequest{UserId: long}, `{"user_id":"` + Digest(long) + `"}`},
		"raw bytes":          {&Raw{Bytes: []byte{0, 1}}, `{"raw":"AAE="}`},
		"no raw bytes":       {&Raw{Bytes: []byte{}}, `{"raw":""}`},
		"an unset message":   {&errdetails.RetryInfo{}, `{}`},
		"a nested long text": {&errdetails.DebugInfo{StackEntries: []string{long}}, `{"stack_entries":["` + Digest(long) + `"],"detail":""}`},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := Observe(test.message)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(decoded(t, test.want), decoded(t, string(text))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The fast path may not differ from protojson in anything but its speed.
func TestObserveFlatIsWhatProtojsonSays(t *testing.T) {
	for _, message := range []proto.Message{
		&users.UserResponse{}, &users.UserResponse{UserId: "1", Name: "ä\t\x00", Email: "\\"},
		&users.ListUsersRequest{PageSize: -1}, &users.CreateUsersResponse{UserCount: 1 << 30},
	} {
		fast, ok := observeFlat(message.ProtoReflect())
		slow, err := observeAny(message)
		if !ok || err != nil {
			t.Fatalf("%v: flat %v, error %v", message, ok, err)
		}
		if diff := cmp.Diff(decoded(t, string(slow)), decoded(t, string(fast))); diff != "" {
			t.Error(diff)
		}
	}
}

func decoded(t *testing.T, text string) any {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return value
}

package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A method with its mode and a message for it.
type method struct {
	name, mode string
	request    line
}

var (
	getUser     = method{"/users.UserService/GetUser", "unary", line{"user_id": "1"}}
	listUsers   = method{"/users.UserService/ListUsers", "server-streaming", line{"page_size": 2}}
	createUsers = method{"/users.UserService/CreateUsers", "client-streaming", line{"user_id": "u{i}"}}
	chatUsers   = method{"/users.UserService/ChatUsers", "bidi-streaming", line{"user_id": "u{i}", "message": "hi"}}
	methods     = []method{getUser, listUsers, createUsers, chatUsers}
)

func do(word string, keys ...any) line {
	step := line{"do": word}
	for i := 0; i < len(keys); i += 2 {
		step[keys[i].(string)] = keys[i+1]
	}
	return step
}

func send(message line, keys ...any) line {
	return do("send", append([]any{"message", line{"json": message}}, keys...)...)
}

func ok() line { return line{"code": "OK", "message": "", "details": []any{}} }

// but is the part of a line that a test is about.
func but(got line, keys ...string) line {
	part := line{}
	for _, key := range keys {
		part[key] = got[key]
	}
	return part
}

func check(t *testing.T, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("want -, got +:\n" + diff)
	}
}

func TestReady(t *testing.T) {
	for stack, want := range map[string]struct{ implementation, library string }{
		"grpc-go":    {"go", "google.golang.org/grpc"},
		"connect-go": {"go-connect", "connectrpc.com/connect"},
	} {
		for _, role := range []string{"server", "client"} {
			t.Run(stack+" "+role, func(t *testing.T) {
				ready := start(t, stack, role).ready
				check(t, line{"type": "ready", "contract": 1.0, "role": role, "implementation": want.implementation},
					but(ready, "type", "contract", "role", "implementation"))
				libraries, _ := ready["libraries"].(line)
				if libraries[want.library] == nil || libraries["google.golang.org/protobuf"] == nil {
					t.Errorf("libraries: %v", libraries)
				}
			})
		}
	}
}

func TestTheServiceAnswersInEveryMode(t *testing.T) {
	onEveryPair(t, func(t *testing.T, p pair) {
		for _, test := range []struct {
			method   method
			steps    []line
			messages []any
			handed   int
		}{
			{getUser, []line{send(getUser.request)}, []any{line{"user_id": "1", "name": "User 1", "email": "user1@example.com"}}, 1},
			{listUsers, []line{send(listUsers.request)}, []any{
				line{"user_id": "0", "name": "User 0", "email": "user0@example.com"},
				line{"user_id": "1", "name": "User 1", "email": "user1@example.com"},
			}, 1},
			{createUsers, []line{send(createUsers.request, "count", 3), do("half_close")},
				[]any{line{"user_count": 3.0, "success": true}}, 3},
			{chatUsers, []line{send(chatUsers.request), do("receive", "count", 1), do("half_close")}, []any{
				line{"user_id": "u{i}", "message": "Received: hi", "timestamp": "HH:MM:SS"},
			}, 1},
		} {
			t.Run(test.method.mode, func(t *testing.T) {
				seen := p.made(test.method.mode, test.method, nil, append(test.steps, do("receive_all"))...)
				for _, message := range seen["messages"].([]any) {
					if at, ok := message.(line)["timestamp"].(string); ok && len(at) == len("HH:MM:SS") {
						message.(line)["timestamp"] = "HH:MM:SS"
					}
				}
				check(t, line{"ended": "status", "status": ok(), "messages": test.messages, "raised": nil},
					but(seen, "ended", "status", "messages", "raised"))
				view := p.view(test.method.mode)
				check(t, line{"method": test.method.name, "planned": false, "left": "returned", "context": "active", "steps": []any{}},
					but(view, "method", "planned", "left", "context", "steps"))
				check(t, test.handed, len(view["messages"].([]any)))
			})
		}
	})
}

func TestAnInvalidFieldIsRefused(t *testing.T) {
	details := []any{line{
		"type_url": "type.googleapis.com/google.rpc.BadRequest",
		"json": line{"field_violations": []any{
			line{"field": "user_id", "description": "must not be empty", "reason": ""},
		}},
	}}
	onEveryPair(t, func(t *testing.T, p pair) {
		for _, m := range []method{getUser, createUsers, chatUsers} {
			seen := p.made(m.mode, m, nil, send(line{}), do("receive_all"))
			check(t, any(line{"code": "INVALID_ARGUMENT", "message": "user_id must not be empty", "details": details}), seen["status"])
		}
		seen := p.made("list", listUsers, nil, send(line{"page_size": -1}), do("receive_all"))
		status, _ := seen["status"].(line)
		check(t, any("page_size must not be negative"), status["message"])
	})
}

func TestAPlanDrivesTheHandler(t *testing.T) {
	detail := line{"type_url": "type.googleapis.com/google.rpc.ErrorInfo", "json": line{"reason": "r", "domain": "d", "metadata": line{}}}
	status := line{"code": "NOT_FOUND", "message": "no ü", "details": []any{detail}}
	onEveryPair(t, func(t *testing.T, p pair) {
		for _, m := range methods {
			t.Run(m.mode, func(t *testing.T) {
				planned := p.plan(m.mode, m,
					do("headers", "metadata", [][]string{{"x-i", "1"}, {"x-i", "2"}}),
					do("receive", "count", 1),
					do("finish", "status", status, "trailers", [][]string{{"x-t-bin", "AAE="}}))
				check(t, any("planned"), planned["type"])
				seen := p.made(m.mode, m, nil, send(m.request), do("receive_all"))
				check(t, any(status), seen["status"])
				check(t, []any{[]any{"x-i", "1"}, []any{"x-i", "2"}}, own(seen["initial_metadata"]))
				check(t, []any{[]any{"x-t-bin", "AAE="}}, own(seen["trailing_metadata"]))
				check(t,
					line{"planned": true, "steps": []any{"ok", "ok", "ok"}, "left": "status", "left_status": status, "context": "active"},
					but(p.view(m.mode), "planned", "steps", "left", "left_status", "context"))
			})
		}
	})
}

// own is the metadata that is the application's.
func own(pairs any) []any {
	list, _ := pairs.([]any)
	return slices.DeleteFunc(list, func(pair any) bool { return !strings.HasPrefix(pair.([]any)[0].(string), "x-") })
}

func TestMetadataGoesThereAndBack(t *testing.T) {
	onEveryPair(t, func(t *testing.T, p pair) {
		sent := [][]string{{"interop-call-id", "m"}, {"x-a", "1"}, {"x-a", "2"}, {"x-b-bin", "AP8="}, {"x-b-bin", ""}}
		p.made("m", getUser, line{"metadata": sent}, send(getUser.request))
		want := []any{[]any{"x-a", "1"}, []any{"x-a", "2"}, []any{"x-b-bin", "AP8="}, []any{"x-b-bin", ""}}
		check(t, want, own(p.view("m")["metadata"]))
	})
}

func TestCodesOutsideTheKnownOnes(t *testing.T) {
	onEveryPair(t, func(t *testing.T, p pair) {
		for _, m := range methods {
			p.plan(m.mode, m, do("finish", "status", line{"code": "42"}))
			seen := p.made(m.mode, m, nil, send(m.request))
			check(t, any(line{"code": "42", "message": "", "details": []any{}}), seen["status"])
		}
	})
}

func TestARawCallSaysAndHearsBytes(t *testing.T) {
	onEveryPair(t, func(t *testing.T, p pair) {
		raw := line{"raw": true}
		seen := p.made("r", getUser, raw, do("send", "message", line{"raw": "CgEx"}))
		check(t, any([]any{line{"raw": "CgExEgZVc2VyIDEaEXVzZXIxQGV4YW1wbGUuY29t"}}), seen["messages"])
		check(t, any([]any{line{"user_id": "1"}}), p.view("r")["messages"])
		for _, m := range methods {
			seen := p.made("n", method{"/users.UserService/NoSuchMethod", m.mode, nil}, raw, do("send", "message", line{"raw": ""}))
			status, _ := seen["status"].(line)
			check(t, any("UNIMPLEMENTED"), status["code"])
		}
	})
}

package contract

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestStepsAreRefused(t *testing.T) {
	unsupported, rejected := new(Unsupported), new(Rejected)
	for name, test := range map[string]struct {
		kind, step string
		as         any
		want       string
	}{
		"an unknown word":           {"call", `{"do":"fly"}`, &unsupported, "step:fly"},
		"no word":                   {"call", `{}`, &rejected, "call.steps[0].do"},
		"no object":                 {"call", `"send"`, &rejected, "call.steps[0]"},
		"no message":                {"call", `{"do":"send"}`, &rejected, "call.steps[0]: send needs a message"},
		"a wrong message":           {"call", `{"do":"send","message":{"json":{"x":1}}}`, &rejected, "call.steps[0].message.json"},
		"a key that isn't its own":  {"call", `{"do":"cancel","ms":1}`, &rejected, "call.steps[0]"},
		"a wrong type":              {"call", `{"do":"wait","ms":"1"}`, &rejected, "call.steps[0].ms"},
		"a negative count":          {"call", `{"do":"receive","count":-1}`, &rejected, "call.steps[0]"},
		"a handler's word":          {"call", `{"do":"finish","status":{"code":"OK"}}`, &rejected, "call.steps[0]"},
		"a client's word":           {"plan", `{"do":"cancel"}`, &rejected, "plan.steps[0]"},
		"no mark":                   {"plan", `{"do":"await"}`, &rejected, "plan.steps[0]"},
		"no status":                 {"plan", `{"do":"finish"}`, &rejected, "plan.steps[0]"},
		"a mark at no count":        {"plan", `{"do":"serve","marks":{"x":"y"}}`, &rejected, "plan.steps[0].marks"},
		"a status without its code": {"plan", `{"do":"finish","status":{"code":"FINE"}}`, &rejected, "plan.steps[0]"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := end{kind: test.kind, newMessage: newChat}.steps([]json.RawMessage{json.RawMessage(test.step)})
			if !errors.As(err, test.as) || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got %T %v, want %q", err, err, test.want)
			}
		})
	}
}

func TestNothingComesAfterTheEndOfAPlan(t *testing.T) {
	steps := []json.RawMessage{[]byte(`{"do":"serve"}`), []byte(`{"do":"wait","ms":1}`)}
	_, err := end{kind: "plan", newMessage: newChat}.steps(steps)
	if err == nil || !strings.HasPrefix(err.Error(), "plan.steps[0]") {
		t.Errorf("got %v", err)
	}
}

func TestConfiguration(t *testing.T) {
	for name, test := range map[string]struct {
		line, want string
	}{
		"an unknown key": {`{"name":"x","tls":true}`, "configuration:tls"},
		"a wrong type":   {`{"name":1}`, "configuration.name"},
		"missing":        {``, "configuration"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := parseConfiguration([]byte(test.line)); err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
	got, err := parseConfiguration([]byte(`{"name":"x","list_pause_ms":0}`))
	if err != nil || got.ListPause == nil || *got.ListPause != 0 {
		t.Errorf("got %+v, %v", got, err)
	}
}

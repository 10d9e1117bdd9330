package main

import (
	"strings"
	"testing"
)

func TestWhatIsUnknownIsUnsupported(t *testing.T) {
	onEveryPair(t, func(t *testing.T, p pair) {
		nowhere := method{"/users.UserService/NoSuchMethod", "unary", line{}}
		for feature, reply := range map[string]line{
			"step:fly":               p.made("u", getUser, nil, send(getUser.request), do("fly")),
			"configuration:tls":      p.made("u", getUser, line{"configuration": line{"name": "x", "tls": true}}, send(getUser.request)),
			"method:" + nowhere.name: p.made("u", nowhere, nil, send(line{})),
			"step:walk":              p.plan("u", getUser, do("walk")),
			"configuration:mtls": p.server.ask(line{
				"type": "listen", "configuration": line{"name": "x", "mtls": true}, "host": "127.0.0.1", "port": 0,
			}),
			"step:return_nothing/server-streaming": p.plan("u", listUsers, do("return_nothing")),
		} {
			check(t, line{"type": "unsupported", "feature": feature}, but(reply, "type", "feature"))
			if reply["reason"] == "" {
				t.Errorf("%s: no reason", feature)
			}
		}
	})
}

func TestWhatBreaksTheContractIsRejectedWithItsPath(t *testing.T) {
	onEveryPair(t, func(t *testing.T, p pair) {
		for path, reply := range map[string]line{
			"call.steps[0]: send needs a message": p.made("r", getUser, nil, do("send")),
			"call.steps[1]: receive takes no":     p.made("r", getUser, nil, send(getUser.request), do("receive", "mark", "x")),
			"call.steps: unary takes exactly one": p.made("r", getUser, nil, do("wait", "ms", 1)),
			"call.steps[1]: send after":           p.made("r", chatUsers, nil, do("half_close"), send(chatUsers.request)),
			"call.mode":                           p.made("r", method{getUser.name, "bidi-streaming", nil}, nil, do("cancel")),
			"call.mode: \"sideways\"":             p.made("r", method{getUser.name, "sideways", nil}, nil, do("cancel")),
			"call.give_up_after_ms":               p.made("r", getUser, line{"give_up_after_ms": 0}, send(getUser.request)),
			"call.unknown field":                  p.made("r", getUser, line{"retries": 3}, send(getUser.request)),
			"call.metadata":                       p.made("r", getUser, line{"metadata": []any{[]any{"x"}}}, send(getUser.request)),
			"plan.steps[0]":                       p.plan("r", getUser, do("serve"), do("wait", "ms", 1)),
			"plan.steps[1]":                       p.plan("r", getUser, send(getUser.request), send(getUser.request)),
			"stop.address":                        p.server.ask(line{"type": "stop", "address": "127.0.0.1:1", "grace_ms": 0}),
			"type: \"call\"":                      p.server.ask(line{"type": "call"}),
			"type: \"listen\"":                    p.client.ask(line{"type": "listen"}),
			"collect.attempts":                    p.server.ask(line{"type": "collect", "call_id": "r", "attempts": "1", "wait_ms": 1}),
		} {
			reason, _ := reply["reason"].(string)
			if reply["type"] != "rejected" || !strings.HasPrefix(strings.TrimPrefix(reason, "metadata: "), strings.TrimPrefix(path, "!")) {
				t.Errorf("%s: got %v", path, reply)
			}
		}
	})
}

func TestABadLineIsLoggedAndShiftsNothing(t *testing.T) {
	onEveryPair(t, func(t *testing.T, p pair) {
		for _, program := range []*program{p.client, p.server} {
			program.write("this is no JSON\n\n[1]\n{\"type\":\"release\"\n" + strings.Repeat("x", 5<<20) + "\n")
		}
		check(t, any(ok()), p.made("g", getUser, nil, send(getUser.request))["status"])
		check(t, any("returned"), p.view("g")["left"])
		for _, program := range []*program{p.client, p.server} {
			if !logs(program, "a bad line", "this is no JSON") || !logs(program, "longer than 4 MiB") {
				t.Errorf("not logged:\n%s", program.log)
			}
		}
	})
}

func TestACollectedCallIsForgotten(t *testing.T) {
	onEveryPair(t, func(t *testing.T, p pair) {
		p.plan("f", getUser, do("finish", "status", line{"code": "ABORTED"}))
		p.made("f", getUser, nil, send(getUser.request))
		p.view("f")
		check(t, any(ok()), p.made("f", getUser, nil, send(getUser.request))["status"])
		check(t, any(false), p.view("f")["planned"])
		none := p.server.ask(line{"type": "collect", "call_id": "f", "attempts": 1, "wait_ms": 1})
		check(t, any([]any{}), none["attempts"])
	})
}

package main

import (
	"strings"
	"testing"
	"time"
)

// Tests of calls while they are in flight: marks, cancellation, panics, and the end of the program.

func TestMarksAndAwaitsMeet(t *testing.T) {
	onEveryPair(t, func(t *testing.T, p pair) {
		for _, m := range methods {
			t.Run(m.mode, func(t *testing.T) {
				p.plan(m.mode, m, do("mark", "mark", "server"), do("await", "mark", "client"), do("finish", "status", line{"code": "ABORTED"}))
				seen := p.call(m.mode, m, nil, send(m.request), do("await", "mark", "server"), do("mark", "mark", "client"), do("receive_all"))
				for range 2 {
					select {
					case mark := <-p.server.marks:
						p.client.release(m.mode, mark["mark"].(string))
					case mark := <-p.client.marks:
						p.server.release(m.mode, mark["mark"].(string))
					case <-time.After(patience):
						t.Fatal("no mark came")
					}
				}
				observation := await(t, seen, p.client.log)
				check(t, any([]any{"ok", "ok", "ok", "ok"}), observation["steps"])
				check(t, any([]any{"ok", "ok", "ok"}), p.view(m.mode)["steps"])
			})
		}
	})
}

func TestServeMarksWhatTheServiceWasHanded(t *testing.T) {
	onEveryPair(t, func(t *testing.T, p pair) {
		p.plan("s", createUsers, do("receive", "count", 1), do("serve", "marks", line{"2": "two"}))
		seen := p.call("s", createUsers, nil,
			send(createUsers.request, "count", 3), do("await", "mark", "two"), do("half_close"), do("receive_all"))
		check(t, "two", p.server.mark())
		p.client.release("s", "two")
		check(t, any([]any{line{"user_count": 2.0, "success": true}}), await(t, seen, p.client.log)["messages"])
		check(t, any([]any{"ok", "ok"}), p.view("s")["steps"])
	})
}

func TestACancelReachesBothEnds(t *testing.T) {
	onEveryPair(t, func(t *testing.T, p pair) {
		for _, m := range methods {
			t.Run(m.mode, func(t *testing.T) {
				p.plan(m.mode, m, do("mark", "mark", "here"), do("await", "mark", "never"))
				seen := p.call(m.mode, m, nil, send(m.request), do("await", "mark", "here"), do("cancel"), do("await", "mark", "never"))
				p.client.release(m.mode, p.server.mark())
				observation := await(t, seen, p.client.log)
				status, _ := observation["status"].(line)
				check(t, any("CANCELLED"), status["code"])
				check(t, any([]any{"ok", "ok", "ok", "over"}), observation["steps"])
				view := p.view(m.mode)
				check(t, line{"steps": []any{"ok", "over"}, "context": "cancelled"}, but(view, "steps", "context"))
			})
		}
	})
}

func TestABrokenUploadIsNoUpload(t *testing.T) {
	for name, breakOff := range map[string]struct {
		step    line
		options line
	}{
		"cancel":        {do("cancel"), nil},
		"deadline":      {do("wait", "ms", patience.Milliseconds()), line{"deadline_ms": 1500}},
		"close channel": {do("close_channel"), line{"channel": "fresh"}},
	} {
		t.Run(name, func(t *testing.T) {
			onEveryPair(t, func(t *testing.T, p pair) {
				p.plan("u", createUsers, do("serve", "marks", line{"5": "five"}))
				seen := p.call("u", createUsers, breakOff.options,
					send(createUsers.request, "count", 5), do("await", "mark", "five"), breakOff.step)
				p.client.release("u", p.server.mark())
				await(t, seen, p.client.log)
				view := p.view("u")
				check(t, line{"left": "cancelled", "sent": 0.0}, but(view, "left", "sent"))
				if log := p.server.log.String(); strings.Contains(log, "created users") {
					t.Errorf("a success was logged:\n%s", log)
				}
			})
		})
	}
}

func TestTheDriverGivesUpInTime(t *testing.T) {
	onEveryPair(t, func(t *testing.T, p pair) {
		for _, m := range methods {
			p.plan(m.mode, m, do("await", "mark", "never"))
			began := time.Now()
			seen := p.made(m.mode, m, line{"give_up_after_ms": 50}, send(m.request), do("receive_all"))
			if took := time.Since(began); took > time.Second+50*time.Millisecond {
				t.Errorf("%s: answered after %v", m.mode, took)
			}
			check(t, line{"ended": "gave_up", "steps": []any{"ok", "gave_up"}}, but(seen, "ended", "steps"))
		}
	})
}

func TestAPanicEndsItsOwnCallOnly(t *testing.T) {
	onEveryPair(t, func(t *testing.T, p pair) {
		for _, m := range methods {
			p.plan(m.mode, m, do("raise", "text", "boom-"+m.mode))
			seen := p.made(m.mode, m, nil, send(m.request), do("receive_all"))
			status, _ := seen["status"].(line)
			if status["code"] == "OK" || strings.Contains(status["message"].(string), "boom") {
				t.Errorf("%s: %v", m.mode, status)
			}
			check(t, line{"left": "raised", "raised": line{"type": "panic", "text": "boom-" + m.mode}, "steps": []any{"ok"}},
				but(p.view(m.mode), "left", "raised", "steps"))
			if !logs(p.server, "call="+m.mode, "boom-"+m.mode, "Act") {
				t.Errorf("%s: no line with the stack and the call's id:\n%s", m.mode, p.server.log)
			}
		}
	})
}

// logs reports whether one line of the log has all these words.
func logs(p *program, words ...string) bool {
	for text := range strings.Lines(p.log.String()) {
		found := true
		for _, word := range words {
			found = found && strings.Contains(text, word)
		}
		if found {
			return true
		}
	}
	return false
}

func TestBothEndsLogEachCall(t *testing.T) {
	onEveryPair(t, func(t *testing.T, p pair) {
		p.made("c77", getUser, nil, send(line{}))
		p.view("c77")
		for _, program := range []*program{p.client, p.server} {
			if !logs(program, "call=c77", getUser.name, "INVALID_ARGUMENT", "took=") {
				t.Errorf("no line for the call:\n%s", program.log)
			}
		}
	})
}

func TestTheEndOfInputEndsWhatIsUnderWay(t *testing.T) {
	onEveryPair(t, func(t *testing.T, p pair) {
		p.plan("e", chatUsers, do("mark", "mark", "here"), do("await", "mark", "never"))
		p.call("e", chatUsers, nil, send(chatUsers.request), do("receive_all"))
		p.server.mark()
		p.server.send(line{"type": "collect", "call_id": "e", "attempts": 1, "wait_ms": patience.Milliseconds()})
		p.server.end()
		p.client.end()
	})
}

func TestStoppedListenersRefuse(t *testing.T) {
	onEveryPair(t, func(t *testing.T, p pair) {
		for _, grace := range []int{0, 500} {
			p.address = p.listen()
			p.made("before", getUser, nil, send(getUser.request))
			check(t, any("stopped"), p.server.ask(line{"type": "stop", "address": p.address, "grace_ms": grace})["type"])
			seen := p.made("after", getUser, nil, send(getUser.request))
			// Not always UNAVAILABLE: connect-go says CANCELLED where the reset of a connection meets the next request.
			if status, _ := seen["status"].(line); status["code"] == "OK" {
				t.Errorf("grace %d: a stopped listener answered", grace)
			}
		}
	})
}

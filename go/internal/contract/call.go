package contract

import "time"

// parseCall reads and checks a call line.
func parseCall(caller Caller, line []byte) (*Call, error) {
	var request callLine
	if err := parse("call", line, &request); err != nil {
		return nil, err
	}
	configuration, err := parseConfiguration(request.Configuration)
	if err != nil {
		return nil, err
	}
	if err := request.check(); err != nil {
		return nil, err
	}
	newRequest, err := request.messages(caller)
	if err != nil {
		return nil, err
	}
	steps, err := end{kind: "call", newMessage: newRequest}.steps(request.Steps)
	if err != nil {
		return nil, err
	}
	call := &Call{
		CallID: request.CallID, Target: request.Target, Configuration: configuration, Channel: request.Channel,
		Method: request.Method, Mode: request.Mode, Raw: request.Raw, Metadata: request.Metadata, Steps: steps,
		GiveUpAfter: time.Duration(request.GiveUpAfterMS) * time.Millisecond,
	}
	if request.DeadlineMS != nil {
		deadline := time.Duration(*request.DeadlineMS) * time.Millisecond
		call.Deadline = &deadline
	}
	return call, call.checkOrder()
}

func (c *callLine) check() error {
	switch {
	case c.CallID == "":
		return rejectf("call.call_id: is missing")
	case c.Target == "":
		return rejectf("call.target: is missing")
	case c.Channel == "":
		return rejectf("call.channel: is missing")
	case c.Method == "":
		return rejectf("call.method: is missing")
	case c.GiveUpAfterMS <= 0:
		return rejectf("call.give_up_after_ms: is missing")
	case c.Steps == nil:
		return rejectf("call.steps: is missing")
	}
	return checkMode("call", c.Mode)
}

func checkMode(kind string, mode Mode) error {
	switch mode {
	case Unary, ServerStreaming, ClientStreaming, BidiStreaming:
		return nil
	}
	return rejectf("%s.mode: %q is none", kind, mode)
}

// messages finds what makes this call's messages; a raw call has none.
func (c *callLine) messages(caller Caller) (newRequest func() any, err error) {
	if c.Raw {
		return nil, nil
	}
	mode, newRequest, ok := caller.Method(c.Method)
	switch {
	case !ok:
		return nil, &Unsupported{Feature: "method:" + c.Method, Reason: "no generated stub has it; a raw call can name any method"}
	case mode != c.Mode:
		return nil, rejectf("call.mode: %s is %s", c.Method, mode)
	}
	return newRequest, nil
}

// checkOrder holds the steps against what a call of this mode can do.
func (c *Call) checkOrder() error {
	sends, closed := 0, false
	for i, step := range c.Steps {
		switch step.Do {
		case "send":
			if closed {
				return rejectf("call.steps[%d]: send after half_close", i)
			}
			sends += step.Count
		case "half_close", "receive", "receive_all":
			if c.Mode.OneRequest() && sends == 0 {
				return rejectf("call.steps[%d]: %s before the send that begins the call", i, step.Do)
			}
			closed = closed || step.Do == "half_close"
		}
	}
	if c.Mode.OneRequest() && sends != 1 {
		return rejectf("call.steps: %s takes exactly one send, of one message", c.Mode)
	}
	return nil
}

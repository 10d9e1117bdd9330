package contract

import (
	"context"
)

// A Plan is what a handler is to do in place of the service's code.
type Plan struct {
	Method string
	Mode   Mode
	Steps  []Step
}

func (p *planLine) check(opener Opener) (*Plan, error) {
	if p.CallID == "" || p.Steps == nil {
		return nil, rejectf("plan: needs call_id and steps")
	}
	if err := checkMode("plan", p.Mode); err != nil {
		return nil, err
	}
	mode, newResponse, ok := opener.Method(p.Method)
	switch {
	case !ok:
		return nil, &Unsupported{Feature: "method:" + p.Method, Reason: "no service of this program has it"}
	case mode != p.Mode:
		return nil, rejectf("plan.mode: %s is %s", p.Method, mode)
	}
	steps, err := end{kind: "plan", newMessage: newResponse}.steps(p.Steps)
	if err != nil {
		return nil, err
	}
	if err := checkPlanned(mode, steps); err != nil {
		return nil, err
	}
	return &Plan{Method: p.Method, Mode: mode, Steps: steps}, opener.CheckPlan(mode, steps)
}

func checkPlanned(mode Mode, steps []Step) error {
	sends := 0
	for i, step := range steps {
		switch {
		case step.Do == "return_nothing" && !mode.OneResponse():
			return &Unsupported{Feature: "step:return_nothing/" + string(mode), Reason: "no response is due where they are streamed"}
		case step.Do == "send":
			sends += step.Count
		}
		if sends > 1 && mode.OneResponse() {
			return rejectf("plan.steps[%d]: a %s call has one response", i, mode)
		}
	}
	return nil
}

// act is a plan while it is carried out.
type act struct {
	scene
	plan     *Plan
	attempt  *Attempt
	handling Handling
	ending   Ending
}

// Act carries out the attempt's plan. It panics where the plan says raise: that is what the plan asks to be looked at.
func (a *Attempt) Act(ctx context.Context, handling Handling) Ending {
	act := &act{
		plan: a.plan, attempt: a, handling: handling, ending: Ending{Status: &Status{}},
		scene: scene{callID: a.callID, ctx: ctx, marks: &a.calls.marks, writer: a.calls.writer},
	}
	act.send, act.receive = act.sendOne, act.receiveOne
	for _, step := range a.plan.Steps {
		if step.Do == "raise" {
			a.step(OK)
			panic(step.Text) // the one deliberate panic: see the doc comment
		}
		a.step(act.do(step))
	}
	return act.end()
}

func (a *act) do(step Step) Outcome {
	switch step.Do {
	case "headers":
		if a.handling.SendHeaders(step.Pairs) != nil {
			return Over
		}
	case "send":
		return a.sendAll(step)
	case "receive":
		return a.receiveSome(step)
	case "receive_all":
		if !IsEnd(a.receiveToEnd()) || a.ctx.Err() != nil { // a call that broke off can look like a half-close
			return Over
		}
	case "finish":
		a.ending.Status, a.ending.Trailers = step.Status, step.Trailers
	case "return_nothing":
		a.ending.Nothing = true
	case "serve":
		a.ending.Serve = true
		a.attempt.serve(step.Marks)
	case "wait":
		return a.wait(step)
	case "mark":
		return a.mark(step.Mark)
	case "await":
		return a.await(step)
	}
	return OK
}

// sendOne keeps the response where there is exactly one: it goes to the library when the plan ends.
func (a *act) sendOne(message any) error {
	if a.plan.Mode.OneResponse() {
		a.ending.Response = message
		return nil
	}
	if err := a.handling.Send(message); err != nil {
		return err
	}
	a.attempt.Sent()
	return nil
}

func (a *act) receiveOne() (any, error) {
	message, err := a.handling.Receive()
	if err == nil && !a.plan.Mode.OneRequest() { // the one request was handed over when the attempt began
		a.attempt.Handed(message)
	}
	return message, err
}

func (a *act) end() Ending {
	ending := a.ending
	switch {
	case ending.Nothing || ending.Status.Code != 0 || ending.Serve || !a.plan.Mode.OneResponse():
		ending.Response = nil
	case ending.Response == nil:
		ending.Response = a.handling.NewResponse()
	}
	if ending.Response != nil {
		a.attempt.Sent()
	}
	return ending
}

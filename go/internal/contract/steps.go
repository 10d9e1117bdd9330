package contract

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

// A Step is one step of a script or a plan, checked: what its word needs is there.
type Step struct {
	Do       string
	Count    int
	Pairs    []Pair // of headers
	Status   *Status
	Trailers []Pair
	Text     string
	Marks    map[int]string
	Mark     string
	MS       int
	payload  payload
}

// stepSpec is a step as a line has it.
type stepSpec struct {
	Do       string            `json:"do"`
	Message  *messageSpec      `json:"message"`
	Count    *int              `json:"count"`
	Metadata []Pair            `json:"metadata"`
	Status   *Status           `json:"status"`
	Trailers []Pair            `json:"trailers"`
	Text     string            `json:"text"`
	Marks    map[string]string `json:"marks"`
	Mark     string            `json:"mark"`
	MS       int               `json:"ms"`
}

// A word says at which end a step may stand, whether it ends a plan, and which keys go with it.
type word struct {
	client, handler, last bool
	keys                  []string
}

var words = map[string]word{
	"headers":        {handler: true, keys: []string{"metadata"}},
	"send":           {client: true, handler: true, keys: []string{"message", "count"}},
	"receive":        {client: true, handler: true, keys: []string{"count"}},
	"receive_all":    {client: true, handler: true},
	"half_close":     {client: true},
	"finish":         {handler: true, last: true, keys: []string{"status", "trailers"}},
	"raise":          {handler: true, last: true, keys: []string{"text"}},
	"return_nothing": {handler: true, last: true},
	"serve":          {handler: true, last: true, keys: []string{"marks"}},
	"cancel":         {client: true},
	"close_channel":  {client: true},
	"wait":           {client: true, handler: true, keys: []string{"ms"}},
	"mark":           {client: true, handler: true, keys: []string{"mark"}},
	"await":          {client: true, handler: true, keys: []string{"mark"}},
}

// An end says which script is read: kind is "call" or "plan", newMessage makes what this end sends (nil in a raw call).
type end struct {
	kind       string
	newMessage func() any
}

// steps reads and checks a whole script. The word of an unknown step is unsupported, as is a word of the other end.
func (e end) steps(lines []json.RawMessage) ([]Step, error) {
	steps := make([]Step, 0, len(lines))
	for i, line := range lines {
		path := fmt.Sprintf("%s.steps[%d]", e.kind, i)
		step, err := e.step(path, line)
		if err != nil {
			return nil, err
		}
		if words[step.Do].last && i < len(lines)-1 {
			return nil, rejectf("%s: no step can come after %s", path, step.Do)
		}
		steps = append(steps, step)
	}
	return steps, nil
}

func (e end) step(path string, line json.RawMessage) (Step, error) {
	keys := map[string]json.RawMessage{}
	if err := json.Unmarshal(line, &keys); err != nil {
		return Step{}, rejectf("%s: a step is an object", path)
	}
	var do string
	if err := json.Unmarshal(keys["do"], &do); err != nil || do == "" {
		return Step{}, rejectf("%s.do: says no word", path)
	}
	known, ok := words[do]
	if !ok {
		return Step{}, &Unsupported{Feature: "step:" + do, Reason: "this program doesn't know the step"}
	}
	if (e.kind == "call" && !known.client) || (e.kind == "plan" && !known.handler) {
		return Step{}, rejectf("%s: %s is no step of a %s", path, do, e.kind)
	}
	for _, key := range sortedKeys(keys) {
		if key != "do" && !slices.Contains(known.keys, key) && string(keys[key]) != "null" {
			return Step{}, rejectf("%s: %s takes no key %q", path, do, key)
		}
	}
	var spec stepSpec
	if err := strictly(line, &spec); err != nil {
		return Step{}, rejectf("%s.%v", path, err)
	}
	return e.checked(path, &spec)
}

func (e end) checked(path string, spec *stepSpec) (Step, error) {
	step := Step{
		Do: spec.Do, Count: 1, Pairs: spec.Metadata, Status: spec.Status, Trailers: spec.Trailers,
		Text: spec.Text, Mark: spec.Mark, MS: spec.MS,
	}
	if spec.Count != nil {
		step.Count = *spec.Count
	}
	switch {
	case step.Count < 0 || step.MS < 0:
		return Step{}, rejectf("%s: a negative number", path)
	case (spec.Do == "mark" || spec.Do == "await") && spec.Mark == "":
		return Step{}, rejectf("%s: %s needs a mark", path, spec.Do)
	case spec.Do == "finish" && spec.Status == nil:
		return Step{}, rejectf("%s: finish needs a status", path)
	case spec.Do == "send":
		return e.sending(path, spec, step)
	case spec.Do == "serve":
		return serving(path, spec, step)
	}
	return step, nil
}

func (e end) sending(path string, spec *stepSpec, step Step) (Step, error) {
	if spec.Message == nil {
		return Step{}, rejectf("%s: send needs a message", path)
	}
	var err error
	step.payload, err = spec.Message.payload(path+".message", spec.Count != nil, e.newMessage)
	return step, err
}

func serving(path string, spec *stepSpec, step Step) (Step, error) {
	step.Marks = make(map[int]string, len(spec.Marks))
	for word, mark := range spec.Marks {
		count, err := strconv.Atoi(word)
		if err != nil || count < 1 {
			return Step{}, rejectf("%s.marks: %q is no count of messages", path, word)
		}
		step.Marks[count] = mark
	}
	return step, nil
}

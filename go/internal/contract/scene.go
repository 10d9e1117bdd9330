package contract

import (
	"context"
	"time"
)

// An Outcome is how a step went.
type Outcome string

// The outcomes of a step. Over: the call was over before the step was done.
const (
	OK     Outcome = "ok"
	Over   Outcome = "over"
	GaveUp Outcome = "gave_up"
)

// A scene is one end of a call in flight, as far as the steps that both ends share are concerned. Its context is done when the end
// of the call is known.
type scene struct {
	callID  string
	ctx     context.Context
	marks   *Marks
	writer  *Writer
	send    func(message any) error
	receive func() (any, error) // the error is io.EOF at the clean end of the stream
}

func (s *scene) sendAll(step Step) Outcome {
	for number := range step.Count {
		message, err := step.payload(number)
		if err != nil || s.send(message) != nil {
			return Over
		}
	}
	return OK
}

func (s *scene) receiveSome(step Step) Outcome {
	for range step.Count {
		if _, err := s.receive(); err != nil {
			return Over
		}
	}
	return OK
}

// receiveToEnd reads until there is nothing more, and says what the end was.
func (s *scene) receiveToEnd() error {
	for {
		if _, err := s.receive(); err != nil {
			return err
		}
	}
}

func (s *scene) wait(step Step) Outcome {
	timer := time.NewTimer(time.Duration(step.MS) * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.ctx.Done():
	}
	if s.ctx.Err() != nil {
		return Over
	}
	return OK
}

// await prefers the release where the call is over too: a release that came first has to count whatever select picks.
func (s *scene) await(step Step) Outcome {
	released := s.marks.Released(s.callID, step.Mark)
	select {
	case <-released:
		return OK
	default:
	}
	select {
	case <-released:
		return OK
	case <-s.ctx.Done():
		return Over
	}
}

func (s *scene) mark(name string) Outcome {
	// A line that can't be written means that the harness is gone; the end of standard input says the same, and is acted on.
	_ = s.writer.Write(markLine{Type: "mark", CallID: s.callID, Mark: name})
	return OK
}

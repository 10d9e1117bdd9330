package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"strconv"
	"sync"
	"testing"
	"time"
)

// patience is how long a test waits for something that is bound to come; it is never waited out where all is well.
const patience = 20 * time.Second

// line is a line of the contract.
type line = map[string]any

// program is Run with its standard streams in the hands of a test: a harness in miniature.
type program struct {
	t     *testing.T
	in    *io.PipeWriter
	log   *logBuffer
	ready line
	ended chan int
	mu    sync.Mutex
	count int
	asked map[string]chan line
	marks chan line
}

// start runs the program until the test is over, and checks that it ends in time by itself.
func start(t *testing.T, args ...string) *program {
	t.Helper()
	inReader, inWriter := io.Pipe()
	outReader, outWriter := io.Pipe()
	p := &program{
		t: t, in: inWriter, log: new(logBuffer), ended: make(chan int, 1),
		asked: map[string]chan line{}, marks: make(chan line, 100),
	}
	go func() {
		code := Run(t.Context(), args, inReader, outWriter, p.log)
		_ = outWriter.Close()
		_ = inReader.Close()
		p.ended <- code
	}()
	lines := bufio.NewReader(outReader)
	p.ready = decode(t, lines)
	go func() { // ends with the program
		for {
			text, err := lines.ReadBytes('\n')
			if err != nil {
				return
			}
			p.take(text)
		}
	}()
	t.Cleanup(func() { p.end() })
	return p
}

func decode(t *testing.T, lines *bufio.Reader) line {
	t.Helper()
	text, err := lines.ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	got := line{}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return got
}

func (p *program) take(text []byte) {
	got := line{}
	if err := json.Unmarshal(text, &got); err != nil {
		p.t.Errorf("a line that is no JSON: %s", text)
		return
	}
	if got["type"] == "mark" {
		p.marks <- got
		return
	}
	id, _ := got["id"].(string)
	p.mu.Lock()
	defer p.mu.Unlock()
	reply, ok := p.asked[id]
	if !ok {
		p.t.Errorf("a reply that nobody waits for: %s", text)
		return
	}
	delete(p.asked, id)
	reply <- got
}

// end closes standard input; the contract gives the program two seconds from there.
func (p *program) end() {
	_ = p.in.Close()
	select {
	case code := <-p.ended:
		if code != 0 {
			p.t.Errorf("exit code %d, log:\n%s", code, p.log)
		}
		p.ended <- code
	case <-time.After(2 * time.Second):
		p.t.Error("still running two seconds after the end of its input")
	}
}

func (p *program) write(text string) {
	if _, err := io.WriteString(p.in, text); err != nil {
		p.t.Error(err)
	}
}

// send writes a request and gives the channel on which its reply comes.
func (p *program) send(request line) <-chan line {
	p.mu.Lock()
	p.count++
	id := strconv.Itoa(p.count)
	reply := make(chan line, 1)
	p.asked[id] = reply
	p.mu.Unlock()
	request = maps.Clone(request)
	request["id"] = id
	text, err := json.Marshal(request)
	if err != nil {
		p.t.Fatal(err)
	}
	p.write(string(text) + "\n")
	return reply
}

func (p *program) ask(request line) line {
	p.t.Helper()
	return await(p.t, p.send(request), p.log)
}

func (p *program) mark() string {
	p.t.Helper()
	return fmt.Sprint(await(p.t, p.marks, p.log)["mark"])
}

func (p *program) release(callID, mark string) {
	text, _ := json.Marshal(line{"type": "release", "call_id": callID, "mark": mark})
	p.write(string(text) + "\n")
}

func await(t *testing.T, lines <-chan line, log fmt.Stringer) line {
	t.Helper()
	select {
	case got := <-lines:
		return got
	case <-time.After(patience):
		t.Fatalf("nothing came; log:\n%s", log)
		return nil
	}
}

// logBuffer is standard error.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logBuffer) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(text)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// pair is a client driver and a server with one listener.
type pair struct {
	client, server *program
	address        string
}

var stackNames = []string{"grpc-go", "connect-go"}

// onEveryPair runs a test with each client against each server.
func onEveryPair(t *testing.T, test func(t *testing.T, p pair)) {
	for _, server := range stackNames {
		for _, client := range stackNames {
			t.Run(client+"--"+server, func(t *testing.T) {
				t.Parallel()
				p := pair{client: start(t, client, "client"), server: start(t, server, "server")}
				p.address = p.listen()
				test(t, p)
			})
		}
	}
}

func (p pair) listen() string {
	reply := p.server.ask(line{
		"type": "listen", "configuration": line{"name": "plain", "list_pause_ms": 0}, "host": "127.0.0.1", "port": 0,
	})
	return fmt.Sprint(reply["address"])
}

// plan puts a plan in force.
func (p pair) plan(callID string, m method, steps ...line) line {
	return p.server.ask(line{"type": "plan", "call_id": callID, "method": m.name, "mode": m.mode, "steps": steps})
}

// call begins a call; options replace keys of the line.
func (p pair) call(callID string, m method, options line, steps ...line) <-chan line {
	request := line{
		"type": "call", "call_id": callID, "target": p.address, "configuration": line{"name": "plain"}, "channel": "shared",
		"method": m.name, "mode": m.mode, "metadata": [][]string{{"interop-call-id", callID}},
		"deadline_ms": nil, "give_up_after_ms": patience.Milliseconds(), "steps": steps,
	}
	maps.Copy(request, options)
	return p.client.send(request)
}

func (p pair) made(callID string, m method, options line, steps ...line) line {
	return await(p.client.t, p.call(callID, m, options, steps...), p.client.log)
}

// view collects what the handler saw of the one attempt of a call.
func (p pair) view(callID string) line {
	p.server.t.Helper()
	reply := p.server.ask(line{"type": "collect", "call_id": callID, "attempts": 1, "wait_ms": patience.Milliseconds()})
	attempts, _ := reply["attempts"].([]any)
	if len(attempts) != 1 {
		p.server.t.Fatalf("%d attempts; log:\n%s", len(attempts), p.server.log)
	}
	attempt, _ := attempts[0].(line)
	return attempt
}

// runPerson runs a command for a person to its end.
func runPerson(ctx context.Context, args ...string) (code int, out, errs string) {
	var outBuffer, errBuffer logBuffer
	code = Run(ctx, args, bytes.NewReader(nil), &outBuffer, &errBuffer)
	return code, outBuffer.String(), errBuffer.String()
}

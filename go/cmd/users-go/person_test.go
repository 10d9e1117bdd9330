package main

import (
	"bufio"
	"context"
	"io"
	"strings"
	"testing"
	"time"
)

func TestAPersonServesAndCalls(t *testing.T) {
	want := `User received: User 1
Received user: User 0
Received user: User 1
Received user: User 2
Created 3 users
Received: Hello 1
Received: Hello 2
Received: Hello 3
`
	for _, server := range stackNames {
		t.Run(server, func(t *testing.T) {
			ctx, stop := context.WithCancel(t.Context())
			reader, writer := io.Pipe()
			ended := make(chan int, 1)
			var log logBuffer
			go func() {
				ended <- Run(ctx, []string{server, "serve", "--port", "0", "--pause-ms", "1"}, nil, writer, &log)
			}()
			said, err := bufio.NewReader(reader).ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			address := strings.TrimSpace(said[strings.LastIndex(said, " "):])
			for _, client := range stackNames {
				code, out, errs := runPerson(t.Context(), client, "call", "--target", address)
				check(t, 0, code)
				check(t, want, out)
				check(t, "", errs)
			}
			stop()
			select {
			case code := <-ended:
				check(t, 0, code)
			case <-time.After(patience):
				t.Fatal("still serving")
			}
		})
	}
}

func TestAPersonIsToldInOneLine(t *testing.T) {
	for _, stack := range stackNames {
		for name, args := range map[string][]string{
			"nobody there":   {stack, "call", "--target", "127.0.0.1:1"},
			"no free port":   {stack, "serve", "--host", "203.0.113.1", "--port", "1"},
			"no host at all": {stack, "serve", "--host", "no such host"},
		} {
			t.Run(stack+" "+name, func(t *testing.T) {
				code, out, errs := runPerson(t.Context(), args...)
				check(t, 1, code)
				check(t, "", out)
				if !strings.HasPrefix(errs, "users-go: ") || strings.Count(errs, "\n") != 1 {
					t.Errorf("said %q", errs)
				}
			})
		}
	}
}

func TestWrongArgumentsShowTheUsage(t *testing.T) {
	for _, args := range [][]string{
		{}, {"grpc-go"}, {"grpc", "server"}, {"grpc-go", "dance"}, {"grpc-go", "call", "--port"}, {"grpc-go", "server", "x"}, {"grpc-go", "server", "--port", "1"},
	} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			code, _, errs := runPerson(t.Context(), args...)
			check(t, 2, code)
			if !strings.HasSuffix(errs, usage) {
				t.Errorf("said %q", errs)
			}
		})
	}
}

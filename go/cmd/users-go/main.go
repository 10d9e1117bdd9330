// Command users-go is the Go implementation of UserService: two stacks, each as a server and a client, for the interop harness
// (server, client: the process contract on standard input and output) and for a person (serve, call) and a bench (loop).
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"grpc-interop.example/go/internal/connectgo"
	"grpc-interop.example/go/internal/grpcgo"
)

const usage = `usage: users-go grpc-go|connect-go server|client
       users-go grpc-go|connect-go serve [--host 127.0.0.1] [--port 50051] [--pause-ms 100]
       users-go grpc-go|connect-go call [--target 127.0.0.1:50051]
       users-go grpc-go|connect-go loop [--target 127.0.0.1:50051] < CALLS
`

// An action is what one command of one stack does.
type action func(ctx context.Context, in io.Reader, out, errs io.Writer) error

// A stack is what every implementation in this binary can do.
type stack struct {
	server, client action
	serve          func(ctx context.Context, address string, pause time.Duration, out, errs io.Writer) error
	call           func(ctx context.Context, target string, out io.Writer) error
	loop           func(ctx context.Context, target string, in io.Reader) error
}

var stacks = map[string]stack{
	"grpc-go":    {grpcgo.RunServer, grpcgo.RunDriver, grpcgo.Serve, grpcgo.Call, grpcgo.Loop},
	"connect-go": {connectgo.RunServer, connectgo.RunDriver, connectgo.Serve, connectgo.Call, connectgo.Loop},
}

// commands declare their flags, which are parsed before the action runs.
var commands = map[string]func(chosen stack, flags *flag.FlagSet) action{
	"server": func(chosen stack, _ *flag.FlagSet) action { return chosen.server },
	"client": func(chosen stack, _ *flag.FlagSet) action { return chosen.client },
	"serve":  serve,
	"call":   call,
	"loop":   loop,
}

func serve(chosen stack, flags *flag.FlagSet) action {
	host := flags.String("host", "127.0.0.1", "the address to listen at")
	port := flags.Int("port", 50051, "the port to listen at; 0 is any free one")
	pause := flags.Int("pause-ms", 100, "the pause between two items of ListUsers")
	return func(ctx context.Context, _ io.Reader, out, errs io.Writer) error {
		address := net.JoinHostPort(*host, strconv.Itoa(*port))
		return chosen.serve(ctx, address, time.Duration(*pause)*time.Millisecond, out, errs)
	}
}

func call(chosen stack, flags *flag.FlagSet) action {
	target := flags.String("target", "127.0.0.1:50051", "the server to call")
	return func(ctx context.Context, _ io.Reader, out, _ io.Writer) error {
		return chosen.call(ctx, *target, out)
	}
}

func loop(chosen stack, flags *flag.FlagSet) action {
	target := flags.String("target", "127.0.0.1:50051", "the server to call")
	return func(ctx context.Context, in io.Reader, _, _ io.Writer) error {
		return chosen.loop(ctx, *target, in)
	}
}

func main() {
	out := os.Stdout // for the contract's lines alone: a stray print becomes a line of the log
	os.Stdout = os.Stderr
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := Run(ctx, os.Args[1:], os.Stdin, out, os.Stderr)
	stop()
	os.Exit(code)
}

// Run is the program, and returns its exit code: 1 for what went wrong, 2 for arguments that make no sense.
func Run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	if len(args) < 2 {
		return misused(errs)
	}
	chosen, knownStack := stacks[args[0]]
	command, knownCommand := commands[args[1]]
	if !knownStack || !knownCommand {
		return misused(errs)
	}
	flags := flag.NewFlagSet(args[1], flag.ContinueOnError)
	flags.SetOutput(errs)
	run := command(chosen, flags)
	if err := flags.Parse(args[2:]); err != nil || flags.NArg() > 0 {
		return misused(errs)
	}
	if err := run(ctx, in, out, errs); err != nil {
		_, _ = fmt.Fprintln(errs, "users-go:", err)
		return 1
	}
	return 0
}

func misused(errs io.Writer) int {
	_, _ = io.WriteString(errs, usage)
	return 2
}

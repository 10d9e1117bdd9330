// Command users-go is the Go implementation of UserService: two stacks, each as a server and a client, for the interop harness
// (server, client: the process contract on standard input and output) and for a person (serve, call).
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
`

// A stack is what every implementation in this binary can do.
type stack struct {
	server func(ctx context.Context, in io.Reader, out, errs io.Writer) error
	client func(ctx context.Context, in io.Reader, out, errs io.Writer) error
	serve  func(ctx context.Context, address string, pause time.Duration, out, errs io.Writer) error
	call   func(ctx context.Context, target string, out io.Writer) error
}

var stacks = map[string]stack{
	"grpc-go":    {grpcgo.RunServer, grpcgo.RunDriver, grpcgo.Serve, grpcgo.Call},
	"connect-go": {connectgo.RunServer, connectgo.RunDriver, connectgo.Serve, connectgo.Call},
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
	chosen, ok := stacks[args[0]]
	if !ok {
		return misused(errs)
	}
	flags := flag.NewFlagSet(args[1], flag.ContinueOnError)
	flags.SetOutput(errs)
	host := flags.String("host", "127.0.0.1", "the address to listen at")
	port := flags.Int("port", 50051, "the port to listen at; 0 is any free one")
	pause := flags.Int("pause-ms", 100, "the pause between two items of ListUsers")
	target := flags.String("target", "127.0.0.1:50051", "the server to call")
	if err := flags.Parse(args[2:]); err != nil || flags.NArg() > 0 {
		return misused(errs)
	}
	var err error
	switch args[1] {
	case "server":
		err = chosen.server(ctx, in, out, errs)
	case "client":
		err = chosen.client(ctx, in, out, errs)
	case "serve":
		address := net.JoinHostPort(*host, strconv.Itoa(*port))
		err = chosen.serve(ctx, address, time.Duration(*pause)*time.Millisecond, out, errs)
	case "call":
		err = chosen.call(ctx, *target, out)
	default:
		return misused(errs)
	}
	if err != nil {
		_, _ = fmt.Fprintln(errs, "users-go:", err)
		return 1
	}
	return 0
}

func misused(errs io.Writer) int {
	_, _ = io.WriteString(errs, usage)
	return 2
}

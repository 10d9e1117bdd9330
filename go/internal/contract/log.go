package contract

import (
	"context"
	"io"
	"log/slog"
	"time"
)

type callKey struct{}

// WithCall marks what is logged under this context as being about a call.
func WithCall(ctx context.Context, callID string) context.Context {
	return context.WithValue(ctx, callKey{}, callID)
}

// NewLogger logs lines of text; those about a call carry call=ID. Where a context wasn't marked, find may know its call; it says ""
// where there is none, and may be nil.
func NewLogger(out io.Writer, find func(context.Context) string) *slog.Logger {
	return slog.New(callHandler{slog.NewTextHandler(out, nil), find})
}

// callHandler adds the call that a context belongs to.
type callHandler struct {
	slog.Handler

	find func(context.Context) string
}

func (h callHandler) Handle(ctx context.Context, record slog.Record) error {
	callID, _ := ctx.Value(callKey{}).(string)
	if callID == "" && h.find != nil {
		callID = h.find(ctx)
	}
	if callID != "" {
		record.AddAttrs(slog.String("call", callID))
	}
	return h.Handler.Handle(ctx, record)
}

func (h callHandler) WithAttrs(attributes []slog.Attr) slog.Handler {
	return callHandler{h.Handler.WithAttrs(attributes), h.find}
}

func (h callHandler) WithGroup(name string) slog.Handler {
	return callHandler{h.Handler.WithGroup(name), h.find}
}

// logCall writes the one line that each end writes about a call.
func logCall(ctx context.Context, log *slog.Logger, role, method, ended string, took time.Duration) {
	log.LogAttrs(ctx, slog.LevelInfo, role, slog.String("method", method), slog.String("ended", ended), slog.Duration("took", took))
}

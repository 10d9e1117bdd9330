package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"sync"
)

// maxLine is the longest line that the contract allows, its end included.
const maxLine = 1 << 20

// Writer writes one value a line. It is safe for use by many goroutines: a line is one Write.
type Writer struct {
	mu  sync.Mutex
	out io.Writer
}

// NewWriter writes to out.
func NewWriter(out io.Writer) *Writer { return &Writer{out: out} }

// Write writes one line.
func (w *Writer) Write(line any) error {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer) // ends the value with \n
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(line); err != nil {
		return fmt.Errorf("encode a line: %w", err)
	}
	if buffer.Len() > maxLine {
		return fmt.Errorf("the reply has %d bytes, a line may have %d", buffer.Len(), maxLine)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, err := w.out.Write(buffer.Bytes()); err != nil {
		return fmt.Errorf("write a line: %w", err)
	}
	return nil
}

package contract

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReader(t *testing.T) {
	megabyte := strings.Repeat("x", 1<<20)
	input := "one\n\ntwo\r\n" + megabyte + "\n" + strings.Repeat("y", maxRead+1) + "\nafter\nunended"
	reader := newReader(strings.NewReader(input))
	var got []string
	for {
		line, err := reader.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if errors.Is(err, errLongLine) {
			line = []byte("too long")
		}
		got = append(got, string(line))
	}
	if diff := cmp.Diff([]string{"one", "", "two", megabyte, "too long", "after", "unended"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestWriterRefusesALineThatIsTooLong(t *testing.T) {
	var out bytes.Buffer
	writer := NewWriter(&out)
	if err := writer.Write(strings.Repeat("x", maxLine)); err == nil {
		t.Error("the line was written")
	}
	if err := writer.Write("<é>"); err != nil {
		t.Error(err)
	}
	if got, want := out.String(), "\"<é>\"\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

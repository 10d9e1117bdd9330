package contract

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// maxRead is how long a line may be before it is thrown away unread. The contract allows 1 MiB; four times that is read, so that
// a line which breaks the contract a little can still be answered by "rejected".
const maxRead = 4 << 20

var errLongLine = errors.New("line is longer than 4 MiB")

// reader splits its input into lines of up to maxRead bytes (bufio.Scanner stops for good at the first line over its limit).
type reader struct {
	in *bufio.Reader
}

func newReader(in io.Reader) *reader { return &reader{in: bufio.NewReaderSize(in, 64<<10)} }

// next is the next line, without its end; the error is errLongLine, after which reading goes on, or the input's own.
func (r *reader) next() ([]byte, error) {
	var line []byte
	long := false
	for {
		part, err := r.in.ReadSlice('\n')
		if long = long || len(line)+len(part) > maxRead; long {
			line = nil
		} else {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && (len(line) == 0 || !errors.Is(err, io.EOF)):
			return nil, err
		case long:
			return nil, errLongLine
		}
		return bytes.TrimRight(line, "\r\n"), nil
	}
}

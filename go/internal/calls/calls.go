// Package calls reads the calls that a bench asks for.
package calls

import (
	"bufio"
	"fmt"
	"io"
)

// Each makes the calls that in names, one after another. A line is a method and how many messages go with it ("ListUsers 3": three
// come back).
func Each(in io.Reader, call func(method string, count int) error) error {
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		var method string
		var count int
		if _, err := fmt.Sscan(lines.Text(), &method, &count); err != nil {
			return fmt.Errorf("the line %q: %w", lines.Text(), err)
		}
		if err := call(method, count); err != nil {
			return fmt.Errorf("%s: %w", method, err)
		}
	}
	return lines.Err()
}

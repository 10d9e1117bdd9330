package contract

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// Pattern is the contract's text of a given size: SHA-256 of "0", "1", … in hexadecimal, one after another, cut to size.
func Pattern(size int) string {
	text := make([]byte, 0, size+2*sha256.Size)
	for block := 0; len(text) < size; block++ {
		sum := sha256.Sum256(strconv.AppendInt(nil, int64(block), 10))
		text = hex.AppendEncode(text, sum[:])
	}
	return string(text[:size])
}

// longestWhole is the length in characters up to which a string is reported as it is.
const longestWhole = 1024

// Digest is a string as it is reported: whole while it is short, "sha256:HEX:LENGTH" beyond.
func Digest(text string) string {
	if len(text) <= longestWhole {
		return text
	}
	length := utf8.RuneCountInString(text)
	if length <= longestWhole {
		return text
	}
	return fmt.Sprintf("sha256:%x:%d", sha256.Sum256([]byte(text)), length)
}

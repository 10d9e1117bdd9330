package contract

import (
	"strings"
	"testing"
)

func TestPattern(t *testing.T) {
	for name, test := range map[string]struct {
		size int
		want string
	}{
		"nothing":         {0, ""},
		"one":             {1, "5"},
		"the vector":      {70, "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e96b86b2"},
		"one whole block": {64, "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Pattern(test.size); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
	if got := len(Pattern(1 << 20)); got != 1<<20 {
		t.Errorf("a megabyte has %d characters", got)
	}
}

func TestDigest(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"short":            {"abc", "abc"},
		"the longest":      {strings.Repeat("a", 1024), strings.Repeat("a", 1024)},
		"one more":         {strings.Repeat("a", 1025), "sha256:4a82297889eb505cf6b5cbdf69977afab4632d6557539782f657bd7dc78091a5:1025"},
		"longest in runes": {strings.Repeat("ü", 1024), strings.Repeat("ü", 1024)},
		"bytes hashed, characters counted": {
			strings.Repeat("ü", 1025), "sha256:f02e808f2b3c1e020700277b9db41fa4e2721bda9fd3867219dde0dc65b40918:1025",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Digest(test.text); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

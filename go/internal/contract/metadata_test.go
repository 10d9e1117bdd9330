package contract

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPair(t *testing.T) {
	for name, test := range map[string]struct {
		line string
		want Pair
	}{
		"text":              {`["x-a","b"]`, Pair{"x-a", "b"}},
		"bytes":             {`["x-a-bin","AAE="]`, Pair{"x-a-bin", "\x00\x01"}},
		"no bytes":          {`["x-a-bin",""]`, Pair{"x-a-bin", ""}},
		"bin without a key": {`["bin","AAE="]`, Pair{"bin", "AAE="}},
	} {
		t.Run(name, func(t *testing.T) {
			var got Pair
			if err := json.Unmarshal([]byte(test.line), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			if line, err := json.Marshal(got); string(line) != test.line || err != nil {
				t.Errorf("back again: %s, %v", line, err)
			}
		})
	}
	for name, line := range map[string]string{
		"one word": `["x"]`, "three": `["x","y","z"]`, "a number": `["x",1]`, "unpadded": `["x-bin","AAE"]`,
	} {
		t.Run(name, func(t *testing.T) {
			if err := json.Unmarshal([]byte(line), new(Pair)); err == nil {
				t.Errorf("%s was taken", line)
			}
		})
	}
}

func TestPairsKeepsTheOrderWithinAKey(t *testing.T) {
	got := Pairs(map[string][]string{"b": {"2", "1"}, "a": {"3"}, "c": nil})
	if diff := cmp.Diff([]Pair{{"a", "3"}, {"b", "2"}, {"b", "1"}}, got); diff != "" {
		t.Error(diff)
	}
	if Pairs(nil) != nil || Pairs(map[string][]string{}) == nil {
		t.Error("none at all has to differ from none")
	}
}

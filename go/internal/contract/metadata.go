package contract

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
)

// A Pair is a metadata key with one value, as an application hands it to a library: the value of a -bin key is bytes. On a line
// it is ["key", "value"], with base64 for bytes.
type Pair struct {
	Key, Value string
}

// IsBinary reports whether the values of this key are bytes.
func IsBinary(key string) bool {
	return len(key) >= 4 && strings.EqualFold(key[len(key)-4:], "-bin")
}

// MarshalJSON writes the pair as it stands on a line.
func (p Pair) MarshalJSON() ([]byte, error) {
	value := p.Value
	if IsBinary(p.Key) {
		value = base64.StdEncoding.EncodeToString([]byte(value))
	}
	return json.Marshal([2]string{p.Key, value})
}

// UnmarshalJSON reads the pair as it stands on a line.
func (p *Pair) UnmarshalJSON(data []byte) error {
	var words []string
	if err := json.Unmarshal(data, &words); err != nil {
		return rejectf("metadata: a pair is two strings, not %s", data)
	}
	if len(words) != 2 {
		return rejectf("metadata: a pair is two strings, not %d", len(words))
	}
	p.Key, p.Value = words[0], words[1]
	if !IsBinary(p.Key) {
		return nil
	}
	value, err := base64.StdEncoding.DecodeString(p.Value)
	if err != nil {
		return rejectf("metadata: the value of %s is no padded base64", p.Key)
	}
	p.Value = string(value)
	return nil
}

// Pairs lists the metadata that a library keeps as a map. Such a map has no order between keys, so they come sorted, each key's
// values in their own order. It is nil (null on a line) only for nil.
func Pairs(values map[string][]string) []Pair {
	if values == nil {
		return nil
	}
	pairs := make([]Pair, 0, len(values))
	for key, list := range values {
		for _, value := range list {
			pairs = append(pairs, Pair{Key: key, Value: value})
		}
	}
	slices.SortStableFunc(pairs, func(a, b Pair) int { return strings.Compare(a.Key, b.Key) })
	return pairs
}

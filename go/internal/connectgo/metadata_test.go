package connectgo

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"grpc-interop.example/go/internal/contract"
)

func TestPairs(t *testing.T) {
	for name, test := range map[string]struct {
		header http.Header
		want   []contract.Pair
	}{
		"nothing at all":    {http.Header{}, nil},
		"lower case":        {http.Header{"X-A": {"2", "1"}}, []contract.Pair{{Key: "x-a", Value: "2"}, {Key: "x-a", Value: "1"}}},
		"bytes":             {http.Header{"X-Bin": {"AAE"}}, []contract.Pair{{Key: "x-bin", Value: "\x00\x01"}}},
		"padded bytes":      {http.Header{"X-Bin": {"AAE="}}, []contract.Pair{{Key: "x-bin", Value: "\x00\x01"}}},
		"joined by a comma": {http.Header{"X-Bin": {"AA,AQ=="}}, []contract.Pair{{Key: "x-bin", Value: "\x00"}, {Key: "x-bin", Value: "\x01"}}},
		"no base64":         {http.Header{"X-Bin": {"?"}}, []contract.Pair{{Key: "x-bin", Value: "?"}}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, pairs(test.header)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPutAndPairsMeet(t *testing.T) {
	want := []contract.Pair{{Key: "x-a", Value: "2"}, {Key: "x-a", Value: "1"}, {Key: "x-b-bin", Value: "\xff"}, {Key: "x-b-bin", Value: ""}}
	header := http.Header{}
	put(header, want)
	if diff := cmp.Diff(want, pairs(header)); diff != "" {
		t.Error(diff)
	}
}

package contract

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/anypb"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
)

func TestStatus(t *testing.T) {
	retry, err := anypb.New(&errdetails.ErrorInfo{Reason: "r", Domain: "d"})
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		line, back string
		want       Status
	}{
		"bare": {
			line: `{"code":"OK"}`, back: `{"code":"OK","message":"","details":[]}`,
		},
		"a number": {
			line: `{"code":"42","message":"m"}`, back: `{"code":"42","message":"m","details":[]}`, want: Status{Code: 42, Message: "m"},
		},
		"a known number": {
			line: `{"code":"5"}`, back: `{"code":"NOT_FOUND","message":"","details":[]}`, want: Status{Code: 5},
		},
		"a detail": {
			line: `{"code":"NOT_FOUND","details":[{"type_url":"type.googleapis.com/google.rpc.ErrorInfo","json":{"reason":"r","domain":"d"}}]}`,
			back: `{"code":"NOT_FOUND","message":"","details":[{"type_url":"type.googleapis.com/google.rpc.ErrorInfo",` +
				`"json":{"reason":"r","domain":"d","metadata":{}}}]}`,
			want: Status{Code: 5, Details: []*anypb.Any{retry}},
		},
		"a detail of no known type": {
			line: `{"code":"NOT_FOUND","details":[{"type_url":"x.example/a.B","raw":"AAE="}]}`,
			back: `{"code":"NOT_FOUND","message":"","details":[{"type_url":"x.example/a.B","raw":"AAE="}]}`,
			want: Status{Code: 5, Details: []*anypb.Any{{TypeUrl: "x.example/a.B", Value: []byte{0, 1}}}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got Status
			if err := json.Unmarshal([]byte(test.line), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got, protocmp.Transform()); diff != "" {
				t.Error(diff)
			}
			if back, err := json.Marshal(&got); string(back) != test.back || err != nil {
				t.Errorf("back again: %s, %v", back, err)
			}
		})
	}
	for _, line := range []string{`{"code":"FINE"}`, `{"code":"-1"}`, `{"message":"m"}`, `{"code":"OK","kode":1}`} {
		t.Run(line, func(t *testing.T) {
			if err := json.Unmarshal([]byte(line), new(Status)); err == nil {
				t.Error("was taken")
			}
		})
	}
}

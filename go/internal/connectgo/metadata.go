package connectgo

import (
	"net/http"
	"strings"

	"connectrpc.com/connect"

	"grpc-interop.example/go/internal/contract"
)

// put adds pairs to headers; connect-go leaves the base64 of -bin keys to the application.
func put(header http.Header, pairs []contract.Pair) {
	for _, pair := range pairs {
		value := pair.Value
		if contract.IsBinary(pair.Key) {
			value = connect.EncodeBinaryHeader([]byte(value))
		}
		header.Add(pair.Key, value)
	}
}

// pairs lists headers as gRPC metadata: keys in lower case, -bin values as bytes. No headers are nil, none at all: there is no
// response without any.
func pairs(header http.Header) []contract.Pair {
	if len(header) == 0 {
		return nil
	}
	values := make(map[string][]string, len(header))
	for key, list := range header {
		lower := strings.ToLower(key)
		if contract.IsBinary(lower) {
			list = decoded(list)
		}
		values[lower] = append(values[lower], list...)
	}
	return contract.Pairs(values)
}

// decoded are the bytes of -bin values, of which HTTP may have joined several with a comma. What is no base64 stays as it is.
func decoded(list []string) []string {
	var values []string
	for _, joined := range list {
		for value := range strings.SplitSeq(joined, ",") {
			data, err := connect.DecodeBinaryHeader(strings.TrimSpace(value))
			if err != nil {
				data = []byte(value)
			}
			values = append(values, string(data))
		}
	}
	return values
}

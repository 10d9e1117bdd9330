// Package connectgo is UserService over connectrpc.com/connect, speaking the gRPC protocol on HTTP/2 without TLS: the service's
// handlers, its server, its client, and the interceptor and driver that put both under the process contract.
package connectgo

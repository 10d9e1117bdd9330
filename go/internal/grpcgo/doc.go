// Package grpcgo is UserService over google.golang.org/grpc: the service's handlers, its server, its client, and the interceptor
// and driver that put both under the process contract.
package grpcgo

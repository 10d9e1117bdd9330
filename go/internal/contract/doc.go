// Package contract keeps the process contract (interop/README.md) for any Go gRPC library: it reads and writes the lines, walks
// the steps of scripts and plans, and remembers what both ends saw. It imports no gRPC library and knows no service: a stack
// plugs in as a [Caller] or an [Opener], and hands every message over as a proto.Message, or as a *[Raw] in a raw call.
package contract

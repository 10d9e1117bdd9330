"""The harness, tested by miniatures: small programs that keep the process contract, and lie, hang or die on request."""

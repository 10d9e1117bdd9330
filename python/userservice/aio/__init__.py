"""UserService and its client driver on grpc.aio: one loop, a task a call."""

"""UserService and its client driver on grpcio's synchronous API: a thread a call."""

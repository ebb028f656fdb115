"""The service's processes: a small supervisor that holds the socket, and the worker that serves."""

"""Server-sent events: one queue a stream, payloads made per recipient when they are sent."""

"""What uses this session, observed truthfully and reported to the Sessions service."""

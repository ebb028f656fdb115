"""What the visitor may start."""

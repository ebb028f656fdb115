"""Drives: storage that a user can attach, with an owner and a life of its own."""

"""Idempotency keys: the same request twice does its work once."""

"""Benchmarks: our figures beside the stock component's, alternating in one run."""

"""Drives: one protocol; folders here, claims on Kubernetes."""

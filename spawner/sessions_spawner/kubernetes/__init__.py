"""Sessions as pods of a Kubernetes cluster."""

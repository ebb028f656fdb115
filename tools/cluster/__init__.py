"""A real Kubernetes on one machine, in namespaces of its own: for tests and for trying out."""

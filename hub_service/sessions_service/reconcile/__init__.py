"""The reconciler: compares what is wanted with what is observed, and repairs."""

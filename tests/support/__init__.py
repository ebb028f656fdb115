"""What tests share: the real product in a temporary folder, builders, wait-helpers."""

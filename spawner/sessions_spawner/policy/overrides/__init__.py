"""User YAML on a pod: the strategic merge, the administrator's rules, and what a pod refers to."""

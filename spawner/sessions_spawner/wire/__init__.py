"""The link between the hub process and the sessions service."""

"""The sessions service: page, REST, events, clock and reconciler beside a JupyterHub."""

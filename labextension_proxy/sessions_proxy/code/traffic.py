"""When a browser was last connected to VS Code, seen where its traffic passes.

code-server's own heartbeat file lies in the home folder, so sessions that share a drive would keep
each other alive by it. This says the same, that a client is connected, for this session alone: a
connected client sends and gets something every few seconds, so the last message is its heartbeat.
"""

from __future__ import annotations

import time

CONNECTED_SECONDS = 60.0  # a client that is silent as long is gone; code-server's own measure

_last_message = 0.0


def note_traffic(_handler: object) -> bool:
    """Note a proxied request or message; jupyter-server-proxy is told not to count it itself."""
    global _last_message  # noqa: PLW0603  one process is one session
    _last_message = time.time()
    return False


def last_traffic() -> float | None:
    """Return when something last passed, in seconds since 1970; None if nothing did yet."""
    return _last_message or None

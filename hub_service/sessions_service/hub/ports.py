"""Inner ports of this machine, kept over restarts of the hub."""

from __future__ import annotations

import asyncio
import socket
import time
from pathlib import Path
from typing import Final

_PORT_SECONDS: Final = 5.0


def keep_port(path: Path) -> int:
    """Return the loopback port that is kept in a file, or a free one that is kept from now on.

    Sessions that outlive a killed hub go on reporting their use to the port they were told.
    """
    try:
        kept = int(path.read_text())
    except (FileNotFoundError, ValueError):
        kept = 0
    if not is_port(kept) or (is_hub_starting() and not _becomes_free(kept)):
        kept = find_free_port()
        path.touch(mode=0o600)
        path.write_text(str(kept))
    return kept


def is_port(number: object) -> bool:
    """Tell whether something is the number of a port."""
    return isinstance(number, int) and not isinstance(number, bool) and 0 < number < 65536


def find_free_port() -> int:
    """Return a loopback port that is free now."""
    return _try_bind(0)


def is_hub_starting() -> bool:
    """Tell whether a hub reads its configuration file: it does so inside its event loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _becomes_free(port: int) -> bool:
    """Tell whether a port is free, or soon: the service of a killed hub needs a moment to end."""
    give_up = time.monotonic() + _PORT_SECONDS
    while True:
        try:
            _try_bind(port)
        except OSError:
            if time.monotonic() > give_up:
                return False
            time.sleep(0.05)
        else:
            return True


def _try_bind(port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        found: int = probe.getsockname()[1]
        return found

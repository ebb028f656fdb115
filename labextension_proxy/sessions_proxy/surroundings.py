"""What a session was given, read when it is asked for: a forked child has its own environment."""

from __future__ import annotations

import os
from pathlib import Path


def drive_folder() -> Path:
    """Return the folder that JupyterLab, VS Code and the shell all start in.

    It is `$SESSIONS_DRIVE`; without it the server's root folder; without a server the current one.
    """
    given = os.environ.get("SESSIONS_DRIVE", "")
    return Path(given or _server_root() or Path.cwd()).absolute()


def session_name() -> str:
    """Return the session's name at its start, for titles; a plain word if it has none."""
    return os.environ.get("SESSIONS_NAME", "").strip() or "session"


def _server_root() -> str:
    from jupyter_server.serverapp import ServerApp

    return str(ServerApp.instance().root_dir) if ServerApp.initialized() else ""

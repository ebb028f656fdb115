"""What runs inside a session: VS Code and the shell beside JupyterLab, and the activity report."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "sessions_proxy"}]


def _load_jupyter_server_extension(server: ServerApp) -> None:
    from .activity.extension import load

    load(server)

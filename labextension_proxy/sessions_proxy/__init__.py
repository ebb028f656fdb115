"""What runs inside a session: VS Code, the shell and ports beside JupyterLab, and its activity."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "sessions_proxy"}]


def _load_jupyter_server_extension(server: ServerApp) -> None:
    from .activity.extension import load
    from .page_config import name_session
    from .ports.handlers import mount
    from .ports.own import OwnPorts
    from .programs import put_own_programs_first
    from .shell.command import mend_lab_terminals

    put_own_programs_first(os.environ)
    mend_lab_terminals(server.web_app.settings)
    mount(server.web_app, OwnPorts(os.environ))
    name_session(server.web_app.settings, os.environ)
    load(server)

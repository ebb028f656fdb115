"""The door `bash`: a terminal page behind jupyter-server-proxy, in the drive's folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..children import STRIPPED_HEADERS, python_module
from ..private_folder import private_folder
from ..surroundings import drive_folder, session_name
from .state import STATE_FILE

ICON = Path(__file__).parent.parent / "icons" / "shell.svg"
START_SECONDS = 20.0


def entry() -> dict[str, Any]:
    """Describe the door to jupyter-server-proxy (entry point `bash`)."""
    return {
        "command": make_command,
        "unix_socket": str(private_folder() / "shell.sock"),
        "timeout": START_SECONDS,
        "absolute_url": False,
        "new_browser_tab": True,
        "update_last_activity": False,  # keystrokes are reported, not open pages
        "request_headers_override": STRIPPED_HEADERS,
        "launcher_entry": {
            "title": "Shell",
            "icon_path": str(ICON),
            "category": "Notebook",  # elsewhere JupyterLab shows no icon of a door
        },
    }


def make_command(unix_socket: str) -> list[str]:
    """Make the command of the program that serves shells at `unix_socket`."""
    state = private_folder() / STATE_FILE
    options = ["--socket", unix_socket, "--state", str(state)]
    options += ["--folder", str(drive_folder()), "--name", session_name()]
    return python_module("sessions_proxy.shell.serve", *options)

"""The door `code`: code-server behind jupyter-server-proxy, on the drive's folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..children import STRIPPED_HEADERS, python_module
from ..private_folder import private_folder
from ..surroundings import drive_folder
from .program import find_program
from .traffic import note_traffic

ICON = Path(__file__).parent.parent / "icons" / "vscode.svg"
START_SECONDS = 60.0


def entry() -> dict[str, Any]:
    """Describe the door to jupyter-server-proxy (entry point `code`)."""
    return {
        "command": make_command,
        "unix_socket": str(private_folder() / "code.sock"),
        "timeout": START_SECONDS,
        "absolute_url": False,
        "new_browser_tab": True,
        "update_last_activity": note_traffic,
        "request_headers_override": STRIPPED_HEADERS,
        "launcher_entry": {
            "title": "VS Code",
            "icon_path": str(ICON),
            "category": "Notebook",  # elsewhere JupyterLab shows no icon of a door
            "enabled": find_program() is not None,
        },
    }


def make_command(unix_socket: str, base_url: str) -> list[str]:
    """Make the command that starts VS Code listening at `unix_socket`."""
    options = ["--socket", unix_socket, "--base-url", base_url, "--folder", str(drive_folder())]
    return python_module("sessions_proxy.code.launch", *options)

"""Where code-server is, and the command line and environment it runs with."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

# Variables by which an enclosing VS Code or code-server would take ours for a part of itself.
FOREIGN_VARIABLES = ("VSCODE_", "CODE_SERVER_")
# Whoever starts VS Code from a shell has set the environment up: else it asks a login shell, whose
# profile may begin a PATH without the session's programs.
AS_FROM_A_SHELL = {"VSCODE_CLI": "1"}
# Seen from {base_url}code/: the session's own door for ports, in VS Code's Ports view.
PORTS_ADDRESS = "../proxy/{{port}}/"


def find_program() -> str | None:
    """Return the program that starts code-server: `$SESSIONS_CODE_SERVER`, else one on PATH."""
    return shutil.which(os.environ.get("SESSIONS_CODE_SERVER") or "code-server")


def make_arguments(*, socket: Path, base_url: str, folder: Path, state: Path) -> list[str]:
    """Make code-server's arguments: `state` holds its settings, `socket`'s folder what is private.

    Several sessions may run on one drive at the same time. They share `state`, as the windows of
    one VS Code do; the sockets and the generated configuration are each session's own.
    """
    return [
        *("--auth", "none"),
        "--disable-telemetry",
        "--disable-update-check",
        "--disable-workspace-trust",
        "--disable-getting-started-override",
        "--disable-proxy",
        "--ignore-last-opened",
        *("--app-name", "VS Code"),
        *("--socket", str(socket)),
        *("--socket-mode", "600"),
        *("--session-socket", str(socket.with_name("code-window.sock"))),
        *("--config", str(socket.with_name("code-server.yaml"))),
        *("--abs-proxy-base-path", f"{base_url}code"),
        *("--user-data-dir", str(state)),
        *("--extensions-dir", str(state / "extensions")),
        str(folder),
    ]


def make_environment(ours: Mapping[str, str]) -> dict[str, str]:
    """Make code-server's environment from the session's."""
    kept = {name: value for name, value in ours.items() if not name.startswith(FOREIGN_VARIABLES)}
    return {**kept, **AS_FROM_A_SHELL, "VSCODE_PROXY_URI": PORTS_ADDRESS}

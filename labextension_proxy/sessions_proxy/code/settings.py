"""VS Code's state on the drive: made with our settings once, the user's own from then on."""

from __future__ import annotations

import json
import os
from pathlib import Path

STATE = Path(".sessions", "vscode")

# User settings of a drive on which VS Code was never opened. Machine settings would win over the
# user's, so they are not used.
FIRST_SETTINGS = {
    "telemetry.telemetryLevel": "off",
    "update.mode": "none",
    "update.showReleaseNotes": False,
    "extensions.ignoreRecommendations": True,
    "security.workspace.trust.enabled": False,
    "chat.disableAIFeatures": True,
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": False,
    "terminal.integrated.initialHint": False,
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.preferredLightColorTheme": "Default Light Modern",
    "workbench.preferredDarkColorTheme": "Default Dark Modern",
    "window.autoDetectColorScheme": True,
    "files.exclude": {"**/.sessions": True},
    "search.exclude": {"**/.sessions": True, "**/.cache": True},
    "files.watcherExclude": {"**/.sessions/**": True, "**/.cache/**": True},
}
SECRET_KEY = "serve-web-key-half"  # code-server's name; 32 bytes that secrets are encrypted with


def prepare_state(folder: Path) -> Path:
    """Make what VS Code keeps on the drive `folder`, and return where it is.

    Nothing that exists is changed, and each file is made whole by exactly one of the sessions that
    come at the same time: what one would have lost to another (a settings file, the key of the
    user's secrets) exists before VS Code runs.

    Raises:
        OSError: when the drive cannot be written.
    """
    state = folder / STATE
    for made in (state.parent, state, state / "User", state / "extensions"):
        made.mkdir(mode=0o700, exist_ok=True)
    settings = json.dumps(FIRST_SETTINGS, indent=4) + "\n"
    _make_once(state / "User" / "settings.json", settings.encode())
    _make_once(state / SECRET_KEY, os.urandom(32))
    return state


def _make_once(path: Path, content: bytes) -> None:
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)

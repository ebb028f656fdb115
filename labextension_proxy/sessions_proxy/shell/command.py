"""How shells are started: what the system and the user set up for a login, and the session's PATH.

The profile of a login (/etc/profile on Debian) begins a new PATH, on which the session's `python`
is not. So the profile is read by a shell that only then, with the session's PATH put in front
again, becomes the interactive one, which reads the user's own ~/.bashrc.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

NO_SHELLS = {"nologin", "false", "sync"}
# Shells that take this script; others (fish, csh) keep the PATH, or have a way of their own.
LIKE_SH = {"ash", "bash", "dash", "ksh", "mksh", "sh", "zsh"}
AFTER_PROFILE = 'case $PATH in "$1"*) ;; *) PATH=$1:$PATH ;; esac; export PATH; exec "$0"'


def make_shell_command(environment: Mapping[str, str]) -> list[str]:
    """Return the command of the user's shell: `$SHELL` if it is one, else bash, else sh."""
    wanted = environment.get("SHELL", "")
    usable = Path(wanted).name not in NO_SHELLS and os.access(wanted, os.X_OK)
    shell = wanted if usable else shutil.which("bash") or "/bin/sh"
    path = environment.get("PATH", "")
    if Path(shell).name not in LIKE_SH or not path:
        return [shell, "-l"]
    return [shell, "-l", "-c", AFTER_PROFILE, shell, path]


def mend_lab_terminals(settings: Mapping[str, Any]) -> None:
    """Start the shells of JupyterLab's terminals alike, unless a command was set for them."""
    manager = settings.get("terminal_manager")
    if manager is not None and list(manager.shell_command)[1:] == ["-l"]:
        manager.shell_command = make_shell_command(os.environ)

"""`make run`: the development hub on this machine, started from what is installed."""

from __future__ import annotations

import fcntl
import os
import socket
from pathlib import Path

from .code_server import ensure_code_server, is_wanted
from .node_packages import ensure_pages, ensure_proxy
from .places import CHECKOUT, state_folder
from .python_packages import HUB_6, ensure_environment, ensure_installed
from .steps import Trouble, say

DEFAULT_PORT = 8000


def start() -> None:
    """Install what is missing, then become the hub; returns only by an exception.

    Raises:
        Trouble: when something is missing, the port is taken, or the state folder is in use.
    """
    port = _port()
    check_port_is_free(port)
    ensure_environment(HUB_6)
    proxy = ensure_proxy()
    ensure_pages()
    ensure_installed(HUB_6)
    code_server = str(ensure_code_server()) if is_wanted() else ""
    if not code_server:
        say("without VS Code, as WITHOUT_VSCODE asks")
    state = state_folder()
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    _hold(state)
    check_port_is_free(port)
    env = {
        **os.environ,
        "PATH": os.pathsep.join([str(HUB_6.folder / "bin"), str(proxy), os.environ["PATH"]]),
        "PORT": str(port),
        "SESSIONS_STATE": str(state),
        "SESSIONS_CODE_SERVER": code_server,
    }
    for name in ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV"):
        env.pop(name, None)
    argv = ["python", "-m", "jupyterhub", "-f", str(CHECKOUT / "jupyterhub_config.py")]
    os.chdir(state)  # so that nothing is imported from the checkout by accident
    os.execve(HUB_6.python, argv, env)


def _port() -> int:
    text = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise Trouble(f"PORT={text} is no port: use a number from 1 to 65535.")
    return int(text)


def check_port_is_free(port: int) -> None:
    """Refuse a port of 127.0.0.1 that another program listens on.

    Raises:
        Trouble: with a port that is free.
    """
    try:
        _try_bind(port)
    except PermissionError as refused:
        raise Trouble(
            f"Port {port} needs more rights: choose one from 1024, for example make run PORT=8000"
        ) from refused
    except OSError as taken:
        free = _try_bind(0)
        raise Trouble(
            f"Port {port} is taken by another program: stop it, or choose another port, "
            f"for example make run PORT={free}"
        ) from taken


def _try_bind(port: int) -> int:
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", port))
        return int(door.getsockname()[1])


def _hold(state: Path) -> None:
    """Hold the state folder until this process, which becomes the hub, ends."""
    lock = os.open(state / "run.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as held:
        raise Trouble(
            f"Another hub runs with the state folder {state}: stop it, or choose another folder, "
            "for example make run STATE=/tmp/second PORT=8001"
        ) from held
    os.set_inheritable(lock, True)  # kept over exec; JupyterHub closes it in its children

"""`make run`: the development hub on this machine, started from what is installed."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from . import hub_cluster
from .code_server import check_can_be_made, ensure_code_server, is_wanted
from .machine import check_node, check_python
from .node_packages import ensure_pages, ensure_proxy
from .places import CHECKOUT, state_folder
from .python_packages import HUB_6, ensure_environment, ensure_installed
from .steps import Trouble, say
from .supervise import end_leftovers, run_supervised

DEFAULT_PORT = 8000
# A hub that stops ends its sessions, each with its own grace, before it ends itself.
HUB_STOP_SECONDS = 60
GRACE_SECONDS = 5.0
FORK_SERVER = "sessions_spawner.local.fork_server"


def start() -> int:
    """Install what is missing and run the hub to its end; return the exit code.

    Raises:
        Trouble: when something is missing, the port is taken, or the state folder is in use.
    """
    port = _port()
    _check_machine()
    state = state_folder()
    if hub_cluster.is_asked_for():
        state /= "on-cluster"  # its sessions and drives are others
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _held(state):
        end_stale_proxy(state)
        check_port_is_free(port)
        env = _install(port, state)
        check_port_is_free(port)
        if hub_cluster.is_asked_for():
            return hub_cluster.run_on_it(state, lambda of_it: _run({**env, **of_it}, state))
        return _run(env, state)


def _check_machine() -> None:
    """Say what is missing before anything is installed, rather than minutes later."""
    check_python()
    check_node()
    if _has_code_server():
        check_can_be_made()


def _has_code_server() -> bool:
    """Tell whether the hub's own sessions have VS Code; what is in pods comes with their image."""
    return is_wanted() and not hub_cluster.is_asked_for()


def _install(port: int, state: Path) -> dict[str, str]:
    """Have all that the hub needs; return the environment in which it finds it."""
    ensure_environment(HUB_6)
    proxy = ensure_proxy()
    ensure_pages()
    ensure_installed(HUB_6)
    code_server = str(ensure_code_server()) if _has_code_server() else ""
    if not code_server:
        why = "as WITHOUT_VSCODE asks" if not is_wanted() else "which the pods' image has not"
        say(f"without VS Code, {why}")
    env = {
        **os.environ,
        "PATH": os.pathsep.join([str(HUB_6.folder / "bin"), str(proxy), os.environ["PATH"]]),
        "PORT": str(port),
        "SESSIONS_STATE": str(state),
        "SESSIONS_CODE_SERVER": code_server,
    }
    makes = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "STATE", "ONLY", "CLUSTER", "WITHOUT_VSCODE")
    for name in ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV", *makes):
        env.pop(name, None)
    return env


def _run(env: dict[str, str], state: Path) -> int:
    """Run the hub; when it was told to stop, nothing that it started is left.

    A hub that ends by itself leaves its sessions: the next one finds them again.
    """
    argv = [str(HUB_6.python), "-m", "jupyterhub", "-f", str(CHECKOUT / "jupyterhub_config.py")]
    # In the state folder, so that nothing is imported from the checkout by accident.
    ended = run_supervised(argv, env, state, forward=_stop_once())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.alarm(0)
    if ended.asked:
        end_leftovers(grace_seconds=GRACE_SECONDS, ask=True)
        say("stopped")
        return 0
    end_leftovers(grace_seconds=GRACE_SECONDS, ask=True, keep=lambda line: FORK_SERVER in line)
    say(f"the hub ended by itself (exit code {ended.code}); sessions that run are found again")
    return 1


def _stop_once() -> Callable[[int], None]:
    """Return what tells the hub to stop: once, for a second signal would cut its cleaning short."""
    told = False

    def forward(hub: int) -> None:
        nonlocal told
        if told:
            say("still stopping ...")
            return
        told = True
        say("stopping hub, service and sessions ...")
        os.kill(hub, signal.SIGINT)
        signal.signal(signal.SIGALRM, lambda *_: os.kill(hub, signal.SIGKILL))
        signal.alarm(HUB_STOP_SECONDS)

    return forward


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


@contextlib.contextmanager
def _held(state: Path) -> Iterator[None]:
    """Hold the state folder against a second hub; the lock ends with this process."""
    with open(state / "run.lock", "a+", opener=_private) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            lock.seek(0)
            raise Trouble(
                f"Another hub (process {lock.read() or 'just started'}) runs with the state folder "
                f"{state}: stop it, or choose another folder, "
                "for example make run STATE=/tmp/second PORT=8001"
            ) from held
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def end_stale_proxy(state: Path) -> None:
    """End the proxy that a killed hub of this state folder has left; it would hold the port."""
    try:
        pid = int((state / "proxy.pid").read_text())
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return
    if b"configurable-http-proxy" not in command:
        return  # the number belongs to another program by now
    say("ending the proxy that an earlier hub has left ...")
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < deadline:
            os.kill(pid, 0)
            time.sleep(0.05)
        os.kill(pid, signal.SIGKILL)

"""A session's server as a real process: its doors, its drive, and a service that takes reports."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import httpx

from tests.support.product import free_port
from tests.support.waiting import wait_for

CHECKOUT = Path(__file__).resolve().parents[3]
ROOT = CHECKOUT / "labextension_proxy"
SETTINGS = "jupyter_server_config.d"
GROUP = "jupyter_serverproxy_servers"
TOKEN = "of-the-owner"


@dataclass
class Reports:
    """What a stand-in of the Sessions service received; `status` is what it answers."""

    url: str
    received: list[dict[str, Any]] = field(default_factory=list)
    authorizations: list[str] = field(default_factory=list)
    status: int = 200

    def last(self, kind: str) -> dict[str, Any] | None:
        """Return the newest line of a kind."""
        lines = [line for report in self.received for line in report["used"]]
        return next((line for line in reversed(lines) if line["kind"] == kind), None)


@contextmanager
def taking_reports(idle: dict[str, Any], date: str = "") -> Iterator[Reports]:
    """Listen like the service's activity route; the answer carries `idle`, and `date` if given."""
    reports = Reports("")

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            reports.authorizations.append(self.headers["Authorization"])
            if reports.status == 200:
                reports.received.append(json.loads(body))
            answer = json.dumps({"idle": idle}).encode()
            self.send_response(reports.status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def date_time_string(self, timestamp: float | None = None) -> str:
            return date or super().date_time_string(timestamp)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        reports.url = f"http://127.0.0.1:{server.server_address[1]}/activity"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield reports
        server.shutdown()


@dataclass
class SessionProcess:
    """A running session; `url` ends with the base address."""

    process: subprocess.Popen[bytes]
    url: str
    drive: Path
    log: Path
    runtime: Path

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        token: str | None = TOKEN,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send a request below the base address; redirects are answers."""
        sent = dict(headers or {})
        if token is not None:
            sent["Authorization"] = f"token {token}"
        return httpx.request(
            method, self.url + path, headers=sent, json=body, timeout=60, trust_env=False
        )

    def private_folders(self) -> list[Path]:
        """Return the folders that hold sockets."""
        return list(self.runtime.glob("sessions-*"))


def running_below(pid: int) -> dict[int, str]:
    """Return the descendants of a process, with their command lines."""
    found: dict[int, str] = {}
    waiting = [pid]
    while waiting:
        for task in Path(f"/proc/{waiting.pop()}/task").glob("*"):
            try:
                children = (task / "children").read_text().split()
            except OSError:
                continue
            for child in map(int, children):
                found[child] = _command_of(child)
                waiting.append(child)
    return found


def _command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def is_running(pid: int) -> bool:
    """Tell whether a process exists and is no zombie."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


@contextmanager
def session(
    folder: Path,
    env: Mapping[str, str] | None = None,
    command: tuple[str, ...] = ("jupyter_server",),
    arguments: Callable[[int], list[str]] | None = None,
    base_url: str = "/user/ann/s1/",
) -> Iterator[SessionProcess]:
    """Start a session's server in `folder`; end it, and check that nothing of it is left."""
    drive = folder / "drive"
    runtime = folder / "r"
    for made in (drive, runtime):
        made.mkdir(mode=0o700, exist_ok=True)
    port = free_port()
    given = arguments(port) if arguments else plain_arguments(port, drive, base_url)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *command, *given],
            cwd=drive,
            env={**environment(folder, drive, runtime), **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    made_session = SessionProcess(
        process, f"http://127.0.0.1:{port}{base_url}", drive, folder / "log", runtime
    )
    try:
        wait_for(
            lambda: _answers(made_session), seconds=60, what=f"the server, see {folder / 'log'}"
        )
        yield made_session
    finally:
        _end(process)


def plain_arguments(port: int, drive: Path, base_url: str) -> list[str]:
    """Make the arguments of a Jupyter server that needs no hub."""
    return [
        *("--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0"),
        *("--no-browser", "--allow-root", f"--IdentityProvider.token={TOKEN}"),
        *(f"--ServerApp.base_url={base_url}", f"--ServerApp.root_dir={drive}"),
    ]


def environment(folder: Path, drive: Path, runtime: Path) -> dict[str, str]:
    """Make the environment of a session, as its spawner does."""
    ours = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("JUPYTER", "SESSIONS_", "PYTEST", "XDG_", "VSCODE_"))
    }
    [config] = [*ROOT.glob(SETTINGS), *ROOT.glob(f"*/{SETTINGS}")]
    return {
        **ours,
        "HOME": str(drive),
        "TMPDIR": str(runtime),
        "JUPYTER_RUNTIME_DIR": str(folder / "jupyter"),
        "JUPYTER_CONFIG_PATH": str(_config_folder(folder, config)),
        "PYTHONPATH": os.pathsep.join(
            filter(None, [*_entry_points(folder), ours.get("PYTHONPATH")])
        ),
        "SESSIONS_DRIVE": str(drive),
        "SESSIONS_NAME": "churn-model",
        "SHELL": "/bin/bash",
    }


def _config_folder(folder: Path, config: Path) -> Path:
    made = folder / "etc"
    made.mkdir()
    (made / "jupyter_server_config.d").symlink_to(config)
    return made


def _entry_points(folder: Path) -> list[str]:
    """Declare the doors as the installed distribution would, where it is not installed."""
    if any(point.value.startswith("sessions_proxy.") for point in entry_points(group=GROUP)):
        return []
    declared = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]["entry-points"]
    lines = [f"{name} = {value}" for name, value in declared[GROUP].items()]
    info = folder / "site" / "sessions_under_test-0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: sessions-under-test\nVersion: 0\n")
    (info / "entry_points.txt").write_text("\n".join([f"[{GROUP}]", *lines, ""]))
    return [str(ROOT), str(info.parent)]


def _answers(made: SessionProcess) -> bool:
    assert made.process.poll() is None, made.log.read_text()
    try:
        return made.ask("api", token=None).status_code == 200
    except httpx.TransportError:
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    below = running_below(process.pid)
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    try:
        wait_for(lambda: not any(map(is_running, below)), what=f"the end of all of {below}")
    finally:
        for pid in filter(is_running, below):
            os.kill(pid, signal.SIGKILL)

"""The one command: it starts the product from what is installed, and leaves nothing running."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.signed_in import SignedIn
from tests.support.waiting import wait_for

CHECKOUT = Path(__file__).resolve().parents[2]

pytestmark = [
    pytest.mark.needs("configurable-http-proxy"),
    pytest.mark.skipif(
        Path(sys.prefix) != CHECKOUT / ".venv", reason="make run starts what make test installs"
    ),
]


class Run:
    """A `make run` of the test's own state folder and port."""

    def __init__(self, state: Path, port: int) -> None:
        self.state = state
        self.log = state.parent / f"run-{port}.log"
        self.url = f"http://127.0.0.1:{port}"
        env = {**os.environ, "STATE": str(state), "PORT": str(port), "WITHOUT_VSCODE": "1"}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                ["make", "--no-print-directory", "run"],
                cwd=CHECKOUT,
                env=env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def text(self) -> str:
        """Return what it has printed."""
        return self.log.read_text(errors="replace")

    def secret(self, words: str) -> str:
        """Return what is printed behind these words at the beginning of a line."""
        lines = [line for line in self.text().splitlines() if line.startswith(f"{words}: ")]
        assert len(lines) == 1, self.text()
        return lines[0].removeprefix(f"{words}: ").split()[0]

    @property
    def password(self) -> str:
        """The printed password of every user."""
        return self.secret("password")

    def is_ready(self) -> bool:
        """Tell whether the service behind the proxy is ready."""
        assert self.process.poll() is None, self.text()
        try:
            answer = httpx.get(f"{self.url}/services/sessions/health/ready")
        except httpx.TransportError:
            return False
        return answer.status_code == 200

    def holder(self) -> str:
        """Return the number of the process that holds the state folder, empty before one does."""
        lock = self.state / "run.lock"
        return lock.read_text() if lock.exists() else ""

    def press_ctrl_c(self) -> None:
        """Interrupt everything in the foreground, as a terminal does."""
        os.killpg(self.process.pid, signal.SIGINT)

    def processes(self) -> list[str]:
        """Return the command lines of what runs with this state folder."""
        lines = []
        for file in Path("/proc").glob("[0-9]*/environ"):
            try:
                env = file.read_bytes()
                line = file.with_name("cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if line and (str(self.state) in line or f"={self.state}\0".encode() in env):
                lines.append(line)
        return lines


@contextmanager
def running(state: Path, port: int) -> Iterator[Run]:
    """Run it, and stop it if the test has not."""
    run = Run(state, port)
    try:
        yield run
    finally:
        if run.process.poll() is None:
            run.press_ctrl_c()
        run.process.wait(60)


@pytest.fixture
def port() -> int:
    """Give a port that is free."""
    with closing(socket.create_server(("127.0.0.1", 0))) as door:
        return int(door.getsockname()[1])


def test_it_prints_address_and_passwords_and_installs_nothing_again(
    tmp_path: Path, port: int
) -> None:
    with running(tmp_path / "state", port) as run:
        wait_for(run.is_ready, seconds=60, what="the product to be ready")
        printed = run.text()
        steps = [line for line in printed.splitlines() if line.startswith("-- ")]
        assert steps == ["-- without VS Code, as WITHOUT_VSCODE asks"]
        assert f"address: http://127.0.0.1:{port}\n" in printed
        for words, file in (("password", "password"), ("admin password", "admin_password")):
            kept = tmp_path / "state" / file
            assert run.secret(words) == kept.read_text()
            assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert run.secret("password") != run.secret("admin password")
        with pytest.raises(AssertionError):
            SignedIn(run, "admin")  # his own password only


def test_ctrl_c_ends_hub_service_fork_server_and_sessions(tmp_path: Path, port: int) -> None:
    with running(tmp_path / "state", port) as run:
        wait_for(run.is_ready, seconds=60, what="the product to be ready")
        with closing(SignedIn(run, "newcomer")) as newcomer:
            session = start_session(newcomer)
            without = {"state": "off", "reason": "VS Code is not installed on this hub."}
            assert session["access"]["code"] == without
            assert newcomer.client.get(session["urls"]["lab"]).status_code == 200
        ours = " ".join(run.processes())
        # Supervisor and worker; the fork server, the session's keeper and the session.
        wanted = {"configurable-http-proxy": 1, "sessions_service serve": 2, "fork_server": 3}
        assert {part: ours.count(part) >= least for part, least in wanted.items()} == dict.fromkeys(
            wanted, True
        ), ours
        run.press_ctrl_c()
        run.process.wait(60)
    assert run.processes() == []
    assert "-- stopped" in run.text()


def start_session(newcomer: SignedIn) -> dict[str, Any]:
    """Start a session as the page does; return it once it runs."""
    body = {"environment": "python", "idle_timeout": 900, "drive": "default"}
    headers = {"X_XSRFToken": newcomer.xsrf, "Sec_Fetch_Site": "same-origin"}
    asked = newcomer.request("POST", "sessions", body, **headers)
    assert asked.status_code == 201, asked.text
    seen: dict[str, Any] = {}

    def is_running() -> bool:
        seen.update(newcomer.request("GET", f"sessions/{asked.json()['id']}").json())
        return bool(seen["state"] == "running")

    wait_for(is_running, seconds=30, what="the session to run")
    return seen


def test_an_impatient_ctrl_c_while_it_starts_leaves_nothing(tmp_path: Path, port: int) -> None:
    with running(tmp_path / "state", port) as run:
        wait_for((tmp_path / "state" / "proxy.pid").exists, seconds=60)
        run.press_ctrl_c()
        run.press_ctrl_c()
        run.process.wait(60)
    assert run.processes() == []


def test_a_second_hub_with_the_same_state_is_refused(tmp_path: Path, port: int) -> None:
    with running(tmp_path / "state", port) as first:
        wait_for(first.holder, seconds=60, what="the first to hold its state folder")
        with running(tmp_path / "state", port) as second:
            assert second.process.wait(60) != 0
            refusal = f"error: Another hub (process {first.holder()}) runs with the state folder"
        assert refusal in second.text()

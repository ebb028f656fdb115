"""`make run` as a person starts it: its output, what is ready, what runs, Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

CHECKOUT = Path(__file__).resolve().parents[2]


class Run:
    """A `make run` of the test's own state folder and port; `variables` are given to it too."""

    def __init__(self, state: Path, port: int, **variables: str) -> None:
        self.state = state
        self.log = state.parent / f"run-{port}.log"
        own = {"STATE": str(state), "PORT": str(port), "WITHOUT_VSCODE": "1"}
        env = {**os.environ, **own, **variables}
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
    def url(self) -> str:
        """The printed address."""
        return self.secret("address")

    @property
    def password(self) -> str:
        """The printed password of every user."""
        return self.secret("password")

    def is_ready(self) -> bool:
        """Tell whether the service behind the proxy is ready."""
        assert self.process.poll() is None, self.text()
        if "\naddress: " not in self.text():
            return False
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
def running(state: Path, port: int, **variables: str) -> Iterator[Run]:
    """Run it, and stop it if the test has not."""
    run = Run(state, port, **variables)
    try:
        yield run
    finally:
        if run.process.poll() is None:
            run.press_ctrl_c()
        run.process.wait(60)

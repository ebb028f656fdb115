"""A service in a place of its own, as a process beside the hub: its Secret, its start and end."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
from pathlib import Path

from .product import free_port
from .waiting import wait_for


class OwnService:
    """A service that no hub has started. `folder` gets its state, its Secret and its log."""

    def __init__(self, folder: Path, database_url: str = "") -> None:
        self.state, self.secrets = folder / "service-state", folder / "secrets"
        self.port, self.link_port = free_port(), free_port()
        self.log_path = folder / "service.log"
        self.token = secrets.token_hex(16)
        self._process: subprocess.Popen[bytes] | None = None
        self.secrets.mkdir(parents=True)
        self.keep("link.secret", secrets.token_hex(32))
        self.keep("service.token", self.token)
        self.keep("cookie.secret", secrets.token_hex(32))
        if database_url:
            self.keep("database.url", database_url)

    @property
    def configured(self) -> str:
        """What the hub's `configure` is given."""
        return (
            f', service="http://127.0.0.1:{self.port}", link="127.0.0.1:{self.link_port}", '
            f'secrets="{self.secrets}"'
        )

    def keep(self, name: str, text: str) -> None:
        """Write a file of the Secret."""
        path = self.secrets / name
        path.unlink(missing_ok=True)
        path.touch(0o600)
        path.write_text(f"{text}\n")

    def start(self, hub_port: int) -> None:
        """Start it for the hub on this port of the machine."""
        own = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
        env = {
            **own,
            "JUPYTERHUB_API_URL": f"http://127.0.0.1:{hub_port}/hub/api",
            "JUPYTERHUB_SERVICE_URL": f"http://127.0.0.1:{self.port}",
        }
        argv = [sys.executable, "-m", "sessions_service", "serve", f"--state={self.state}"]
        argv += [f"--secrets={self.secrets}", f"--link=127.0.0.1:{self.link_port}"]
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(
                argv, env=env, stdout=log, stderr=log, start_new_session=True
            )

    @property
    def pid(self) -> int:
        """The number of its process."""
        assert self._process is not None
        return self._process.pid

    def stop(self) -> int:
        """End it as a cluster does, and return its exit code."""
        if self._process is None:
            return 0
        self._process.send_signal(signal.SIGTERM)
        process, self._process = self._process, None
        return process.wait(20)

    def wait_said(self, words: str) -> None:
        """Wait until it has said something."""
        wait_for(lambda: words in self.log(), what=f"the service to say {words!r}")

    def log(self) -> str:
        """Return what it has said."""
        return self.log_path.read_text(errors="replace")

"""Stock JupyterHub with a spawner of its own family, for the other side of a comparison."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx
import psutil

from tests.support.product import ADMIN_TOKEN, free_port
from tests.support.waiting import wait_for

_CONFIG = """
c = get_config()
c.JupyterHub.bind_url = "http://{address}:{port}"
c.JupyterHub.hub_bind_url = "http://{address}:{hub_port}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.ConfigurableHTTPProxy.pid_file = "{folder}/proxy.pid"
c.JupyterHub.db_url = "sqlite:///{folder}/hub.sqlite"
c.JupyterHub.cookie_secret_file = "{folder}/hub_cookie_secret"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "{spawner}"
c.Spawner.http_timeout = 120
c.Spawner.start_timeout = 120
c.Spawner.args = ["--allow-root"]
c.JupyterHub.allow_named_servers = True
c.JupyterHub.concurrent_spawn_limit = 0
c.SimpleLocalProcessSpawner.home_dir_template = "{folder}/home-{{username}}"
c.JupyterHub.services = [{{"name": "tester", "api_token": "{token}"}}]
c.JupyterHub.load_roles = [
    {{"name": "tester", "services": ["tester"], "scopes": [
        "admin:users", "tokens", "admin:servers", "access:servers"]}},
]
{extra}
"""


class StockHub:
    """A running stock hub; `url` is the proxy's address without a slash at the end.

    It listens at `address`, with `extra` lines at the end of its configuration and `env` added to
    its environment.
    """

    def __init__(
        self,
        folder: Path,
        spawner: str = "simple",
        *,
        extra: str = "",
        address: str = "127.0.0.1",
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.url = f"http://{address}:{(port := free_port())}"
        config = folder / "stock_config.py"
        config.write_text(
            _CONFIG.format(
                address=address,
                port=port,
                hub_port=free_port(),
                proxy_port=free_port(),
                folder=folder,
                token=ADMIN_TOKEN,
                spawner=spawner,
                extra=extra,
            )
        )
        with (folder / "stock.log").open("ab") as log:
            self._hub = subprocess.Popen(
                [sys.executable, "-m", "jupyterhub", "-f", str(config)],
                cwd=folder,
                env={**os.environ, **(env or {})},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.client = httpx.Client(
            base_url=self.url, headers={"Authorization": f"token {ADMIN_TOKEN}"}, timeout=180
        )
        try:
            wait_for(self._is_up, seconds=120, every=0.1, what="the stock hub")
        except AssertionError as error:
            self.stop()
            said = (folder / "stock.log").read_text()[-3000:]
            raise AssertionError(f"{error}\n{said}") from None

    @property
    def pid(self) -> int:
        """The hub's process."""
        return self._hub.pid

    def api(self, method: str, path: str, body: object = None) -> httpx.Response:
        """Call the hub's REST API."""
        answer = self.client.request(method, f"/hub/api/{path}", json=body)
        answer.raise_for_status()
        return answer

    def add_users(self, names: list[str]) -> None:
        """Make users."""
        self.api("POST", "users", {"usernames": names})

    def servers(self) -> list[psutil.Process]:
        """Return the single-user servers' processes."""
        children = psutil.Process(self._hub.pid).children()
        return [one for one in children if any("singleuser" in word for word in one.cmdline())]

    def stop(self) -> None:
        """Stop the hub and its servers."""
        self._hub.send_signal(signal.SIGINT)
        self._hub.wait(180)
        self.client.close()

    def _is_up(self) -> bool:
        if self._hub.poll() is not None:
            raise AssertionError("the stock hub ended")
        try:
            return httpx.get(f"{self.url}/hub/api").status_code == 200
        except httpx.TransportError:
            return False

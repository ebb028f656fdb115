"""The real product: JupyterHub, proxy, service and sessions in a temporary folder."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import httpx
from sqlalchemy import Engine

from sessions_service.cli.doctor import CannotLook, Examined, look
from sessions_service.db.engine import make_engine
from sessions_service.process.place import Place
from sessions_service.reconcile.finding import Finding

from .waiting import wait_for

# The supervisor forks its worker, so that only their names differ.
WORKER: Final = r"^sessions-worker "
SUPERVISOR: Final = r"^sessions-super "
ADMIN_TOKEN: Final = "tester-" + "0" * 40
_CONFIG: Final = """
import os, sys
from sessions_service.hub import configure
c = get_config()
c.SessionPolicy.users_trust_each_other = True
c.JupyterHub.bind_url = "http://{address}:{port}"
c.JupyterHub.hub_bind_url = "http://{address}:{hub_port}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.ConfigurableHTTPProxy.pid_file = "{folder}/proxy.pid"
c.JupyterHub.db_url = "sqlite:///{folder}/hub.sqlite"
c.JupyterHub.cookie_secret_file = "{folder}/hub_cookie_secret"
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = "word"
c.Authenticator.allow_all = True
c.Authenticator.admin_users = {{"admin"}}
c.JupyterHub.services = [{{"name": "tester", "api_token": "{token}"}}]
c.JupyterHub.load_roles = [
    {{"name": "tester", "services": ["tester"], "scopes": [
        "admin:users", "tokens", "admin:servers", "access:services", "groups", "read:hub",
        "read:services"]}},
]
c.LocalSessionSpawner.profile_list = [
    {{"display_name": "Python", "slug": "python", "default": True}},
    {{"display_name": "Not there", "slug": "missing",
      "local_override": {{"executable": ["/nonexistent/program"]}}}},
    {{"display_name": "Ends at once", "slug": "ends",
      "local_override": {{"executable": [
          sys.executable, "-c", "import sys; print('boom'); sys.exit(3)"]}}}},
    {{"display_name": "Never serves", "slug": "silent",
      "local_override": {{"executable": [sys.executable, "-c", "import time; time.sleep(600)"]}}}},
    {{"display_name": "Other interpreter", "slug": "other",
      "local_override": {{"executable": [sys.executable, "-m", "jupyterhub.singleuser"]}}}},
]
{extra}
configure(c, state="{folder}/state"{configured})
{after}
"""


def free_port() -> int:
    """Return a loopback port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _identity_of(person: pwd.struct_passwd | None) -> dict[str, Any]:
    """Return what has the hub run as a system user, for tests that run as root."""
    if person is None:
        return {}
    return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}


class Product:
    """A running product. `url` is the proxy's address without a slash at the end."""

    def __init__(
        self,
        folder: Path,
        *,
        extra: str = "",
        after: str = "",
        database_url: str = "",
        python: str = sys.executable,
        run_as: pwd.struct_passwd | None = None,
        address: str = "127.0.0.1",
        env: Mapping[str, str] | None = None,
        configured: str = "",
    ) -> None:
        self.folder = folder
        self._env = dict(env or {})
        self._identity = _identity_of(run_as)
        self._python = python
        self.state = folder / "state"
        if database_url:
            self._keep_database_url(database_url)
        self.port, self.hub_port = free_port(), free_port()
        self.url = f"http://{address}:{self.port}"
        self.base = f"{self.url}/services/sessions/"
        self.user, self.password = "anna", "word"
        self.log_path = folder / "hub.log"
        self._config = folder / "jupyterhub_config.py"
        self._config.write_text(
            _CONFIG.format(
                address=address,
                port=self.port,
                hub_port=self.hub_port,
                proxy_port=free_port(),
                folder=folder,
                token=ADMIN_TOKEN,
                extra=extra,
                after=after,
                configured=configured,
            )
        )
        self._hub: subprocess.Popen[bytes] | None = None
        self._proxy_note, self._left_proxy = folder / "proxy.pid", ""
        self._tokens: dict[tuple[str, ...], str] = {}
        self._numbers = itertools.count(1)
        self.client = httpx.Client(base_url=self.url, timeout=30)

    # The hub's process

    def start(self) -> None:
        """Start the hub and wait until the service is ready."""
        env = {**os.environ, **self._env, "CONFIGPROXY_AUTH_TOKEN": secrets.token_hex(16)}
        env.pop("JUPYTERHUB_API_TOKEN", None)
        with self.log_path.open("ab") as log:
            self._hub = subprocess.Popen(
                [self._python, "-m", "jupyterhub", "-f", str(self._config)],
                cwd=self.folder,
                env=env,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._identity,
            )
        wait_for(self._is_ready, seconds=90, every=0.1, what="the service to be ready")

    def stop(self) -> None:
        """Stop the hub as Ctrl-C does, and wait until it is gone."""
        if self._hub is not None:
            self._hub.send_signal(signal.SIGINT)
            self._hub.wait(40)
            self._hub = None

    def kill_hub(self) -> None:
        """Kill the hub's process alone, as a crash would."""
        assert self._hub is not None
        self._hub.kill()
        self._hub.wait()
        self._hub = None
        # It answers until the next hub starts another, and does not at the moment between.
        self._left_proxy = self._read_proxy()

    def close(self) -> None:
        """End everything that was started, also after a test that failed."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.stop()
        self.client.close()

    def _is_ready(self) -> bool:
        assert self._hub is not None
        assert self._hub.poll() is None, self.log()[-4000:]
        if self._left_proxy and self._read_proxy() in ("", self._left_proxy):
            return False
        try:
            return httpx.get(f"{self.base}health/ready").status_code == 200
        except httpx.TransportError:
            return False

    def _read_proxy(self) -> str:
        """Return the number of the proxy's process, empty where the hub has none."""
        with contextlib.suppress(FileNotFoundError):
            return self._proxy_note.read_text()
        return ""

    def _keep_database_url(self, url: str) -> None:
        self.state.mkdir(mode=0o700)
        path = self.state / "database.url"
        path.touch(0o600)
        path.write_text(url)

    def kill_worker(self) -> None:
        """Kill the service's worker, and wait until the next one is ready."""
        killed = self.pids(WORKER)
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        wait_for(
            lambda: self.pids(WORKER) not in ([], killed) and self._is_ready(),
            seconds=60,
            what="a new worker",
        )

    def inner_url(self) -> str:
        """Return the service's own address, which the proxy stands before."""
        model = self.hub("GET", "services/sessions").json()
        return f"{model['url']}/services/sessions/"

    def examine(self) -> list[Finding]:
        """Return what records, hub, processes and files do not agree on: the invariants."""
        is_on_cluster = "KUBECONFIG" in self._env
        looking = look(self.state, f"{self.url}/hub/api", ADMIN_TOKEN)
        try:
            with ThreadPoolExecutor(1) as thread:  # where Playwright has no event loop
                examined = thread.submit(asyncio.run, looking).result()
        except CannotLook as reason:
            if not is_on_cluster:
                raise
            examined = Examined([], (str(reason),))  # such as a cluster that was just away
        found = examined.findings
        if is_on_cluster:
            found += [Finding("I1", sentence) for sentence in examined.left_out]
        log = self.log_path.read_bytes()
        for name in ("link/link.secret", "cookie.secret"):
            secret = (self.state / name).read_bytes()
            if secret in log or secret.hex().encode() in log:
                found.append(Finding("I9", f"{name} is in the log."))
        return found

    @contextlib.contextmanager
    def database(self) -> Iterator[Engine]:
        """Give the service's database, for tests that look behind the API or break a row."""
        engine = make_engine(Place(self.state).database_url())
        try:
            yield engine
        finally:
            engine.dispose()

    def log(self) -> str:
        """Return what hub and service have printed."""
        return self.log_path.read_text(errors="replace")

    def pids(self, pattern: str) -> list[int]:
        """Return the processes of this product whose name and command line match."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    command = (entry / "comm").read_text().strip() + " "
                    command += (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                    if re.search(pattern, command) and str(self.folder) in command:
                        found.append(int(entry.name))
        return found

    # People

    def new_user(self, kind: str = "user") -> str:
        """Return the name of a new user of the hub."""
        name = f"{kind}{next(self._numbers)}"
        self.hub("POST", f"users/{name}", expect=(201,))
        return name

    def token(self, name: str, *scopes: str) -> str:
        """Return a hub token of a user, made if there is none; all of his scopes by default."""
        key = (name, *scopes)
        if key not in self._tokens:
            self.hub("POST", f"users/{name}", expect=(201, 409))
            body = {"scopes": list(scopes)} if scopes else {}
            answer = self.hub("POST", f"users/{name}/tokens", body)
            self._tokens[key] = answer.json()["token"]
        return self._tokens[key]

    def hub(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str = ADMIN_TOKEN,
        expect: tuple[int, ...] = (200, 201, 202, 204),
    ) -> httpx.Response:
        """Call the hub's REST API."""
        headers = {"Authorization": f"token {token}"}
        answer = self.client.request(method, f"/hub/api/{path}", json=body, headers=headers)
        assert answer.status_code in expect, (answer.status_code, answer.text)
        return answer

    def api(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        user: str = "anna",
        token: str | None = None,
        expect: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """Call the service's API as a user."""
        sent = {"Authorization": f"token {token or self.token(user)}", **(headers or {})}
        address = f"/services/sessions/api/v1/{path}"
        answer = self.client.request(method, address, json=body, headers=sent)
        if expect is not None:
            assert answer.status_code == expect, (answer.status_code, answer.text)
        return answer

    # Sessions

    def create(self, *, user: str = "anna", **fields: Any) -> dict[str, Any]:
        """Start a session and return it as it was answered."""
        body = {"environment": "python", "idle_timeout": 900, "drive": "default", **fields}
        session: dict[str, Any] = self.api("POST", "sessions", body, user=user, expect=201).json()
        return session

    def get(self, session_id: str, *, user: str = "anna") -> dict[str, Any]:
        """Return a session."""
        session: dict[str, Any] = self.api(
            "GET", f"sessions/{session_id}", user=user, expect=200
        ).json()
        return session

    def wait_state(
        self, session_id: str, *states: str, user: str = "anna", seconds: float = 60
    ) -> dict[str, Any]:
        """Return the session once it is in one of the states."""
        seen: dict[str, Any] = {}

        def look() -> bool:
            seen.update(self.get(session_id, user=user))
            return seen["state"] in states

        try:
            wait_for(look, seconds=seconds, every=0.05, what=f"{session_id} to be {states}")
        except AssertionError as error:
            raise AssertionError(
                f"{error}\n{json.dumps(seen, indent=1)}\n{self.log()[-6000:]}"
            ) from None
        return seen

    def running(self, *, user: str = "anna", **fields: Any) -> dict[str, Any]:
        """Start a session and return it once it runs."""
        return self.wait_state(self.create(user=user, **fields)["id"], "running", user=user)

    def wait_reported(self) -> None:
        """Wait until the service has taken every report of the hub's.

        An end is known a moment before what was seen of it is with the session.
        """
        outbox = self.state / "link" / "outbox.jsonl"
        wait_for(lambda: not outbox.stat().st_size, what="the hub's reports to be taken")

    def stop_all(self) -> None:
        """Stop every live session and wait until none is left."""

        def live() -> list[dict[str, Any]]:
            items: list[dict[str, Any]] = self.api(
                "GET", "sessions?owner=*&limit=100", user="admin", expect=200
            ).json()["items"]
            return [one for one in items if one["state"] not in ("stopped", "failed")]

        for one in live():
            self.api("POST", f"sessions/{one['id']}/stop", user="admin")
        wait_for(lambda: not live(), seconds=60, every=0.05, what="all sessions to end")

    def rest(self) -> None:
        """Stop every live session; fail unless all invariants hold then."""
        self.stop_all()
        self.wait_reported()
        found = self.examine()
        if found:  # an end is known a moment before the last process is gone
            with contextlib.suppress(AssertionError):
                wait_for(lambda: not self.examine(), every=0.1)
            found = self.examine()
        assert found == []


@contextlib.contextmanager
def running_product(
    folder: Path,
    *,
    extra: str = "",
    after: str = "",
    database_url: str = "",
    python: str = sys.executable,
) -> Iterator[Product]:
    """Run the product for the time of a `with` block; its folder goes with it."""
    product = Product(folder, extra=extra, after=after, database_url=database_url, python=python)
    try:
        product.start()
        yield product
    finally:
        product.close()
        shutil.rmtree(folder / "state" / "drives", ignore_errors=True)

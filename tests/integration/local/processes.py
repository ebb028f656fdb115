"""What a real hub would give to sessions, and sessions' processes started for a test."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from email.message import Message
from pathlib import Path
from typing import Any

from sessions_spawner.local import tree
from sessions_spawner.local.client import Launched, ProcessClient, ProcessRequest

HUB_CONFIG = """
import os
c = get_config()
c.JupyterHub.bind_url = os.environ["TINY_BIND_URL"]
c.JupyterHub.hub_ip = "127.0.0.1"
c.JupyterHub.hub_port = int(os.environ["TINY_HUB_PORT"])
c.ConfigurableHTTPProxy.api_url = os.environ["TINY_PROXY_API"]
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.db_url = "sqlite://"
c.JupyterHub.cookie_secret = os.urandom(32)
c.JupyterHub.services = [{"name": "tests", "api_token": os.environ["TINY_TOKEN"]}]
c.JupyterHub.load_roles = [{
    "name": "tests", "services": ["tests"],
    "scopes": ["admin:users", "admin:servers", "tokens", "access:servers"],
}]
"""
PASSED_ON = ("PATH", "LANG", "LC_ALL", "HOME", "VIRTUAL_ENV", "PYTHONPATH")

_numbers = itertools.count(1)


def free_port() -> int:
    """Answer a port of 127.0.0.1 that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


@dataclass(frozen=True)
class Answer:
    """One HTTP answer; `json` is None unless the body was JSON."""

    status: int
    json: Any
    headers: Message


def fetch(url: str, token: str = "", method: str = "GET", body: Any = None) -> Answer:
    """Make one request without following redirects."""
    data = json.dumps(body).encode() if body is not None else None
    headers = {"Authorization": f"token {token}"} if token else {}
    request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310
    try:
        with urllib.request.build_opener(_NoRedirects()).open(request, timeout=20) as answer:
            text = answer.read()
            found = json.loads(text) if text.startswith((b"{", b"[")) else None
            return Answer(answer.status, found, answer.headers)
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, None, error.headers)


def wait_until(condition: Callable[[], object], within: float, what: str) -> None:
    """Wait until a condition holds, or fail with its name."""
    until = time.monotonic() + within
    while not condition():
        assert time.monotonic() < until, f"not within {within} s: {what}"
        time.sleep(0.02)


async def eventually(condition: Callable[[], object], within: float, what: str) -> None:
    """Wait until a condition holds while the event loop goes on, or fail with its name."""
    until = time.monotonic() + within
    while not condition():
        assert time.monotonic() < until, f"not within {within} s: {what}"
        await asyncio.sleep(0.02)


def is_up(api_url: str) -> bool:
    """Say whether a hub answers."""
    try:
        return fetch(api_url).status == 200
    except OSError:
        return False


def are_gone(pids: list[int]) -> bool:
    """Say whether none of these processes runs any more."""
    found = [tree.read_process(pid) for pid in pids]
    return all(process is None or process.is_zombie for process in found)


def parent_of(pid: int) -> int:
    """Answer the parent of a living process."""
    process = tree.read_process(pid)
    assert process is not None
    return process.parent


def pids_below(pid: int) -> list[int]:
    """List the living descendants of a process."""
    return [process.pid for process in tree.descendants(pid)]


@dataclass
class TinyHub:
    """A running hub with its proxy, and what a session of it needs to be told."""

    api_url: str
    token: str
    users: set[str] = field(default_factory=set)

    def session_env(self, user: str, server: str, home: Path, port: int) -> dict[str, str]:
        """Make the environment that the hub would give to a named server."""
        if user not in self.users:
            assert fetch(f"{self.api_url}/users/{user}", self.token, "POST").status == 201
            self.users.add(user)
        made = fetch(f"{self.api_url}/users/{user}/tokens", self.token, "POST", {})
        assert made.status == 201
        prefix = f"/user/{user}/{server}/"
        access = json.dumps([f"access:servers!server={user}/{server}"])
        return {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": str(home),
            "USER": user,
            "JUPYTERHUB_API_TOKEN": made.json["token"],
            "JUPYTERHUB_API_URL": self.api_url,
            "JUPYTERHUB_BASE_URL": "/",
            "JUPYTERHUB_CLIENT_ID": f"jupyterhub-user-{user}-{server}",
            "JUPYTERHUB_HOST": "",
            "JUPYTERHUB_OAUTH_CALLBACK_URL": f"{prefix}oauth_callback",
            "JUPYTERHUB_OAUTH_ACCESS_SCOPES": access,
            "JUPYTERHUB_OAUTH_SCOPES": access,
            "JUPYTERHUB_ACTIVITY_INTERVAL": "300",
            "JUPYTERHUB_SERVICE_PREFIX": prefix,
            "JUPYTERHUB_SERVICE_URL": f"http://127.0.0.1:{port}{prefix}",
            "JUPYTERHUB_USER": user,
            "JUPYTERHUB_SERVER_NAME": server,
        }


@dataclass(frozen=True)
class Session:
    """One session that is ready: where it answers and what it was asked to be."""

    launched: Launched
    request: ProcessRequest
    port: int

    @property
    def prefix(self) -> str:
        return self.request.env["JUPYTERHUB_SERVICE_PREFIX"]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.prefix}"

    @property
    def token(self) -> str:
        return self.request.env["JUPYTERHUB_API_TOKEN"]

    @property
    def home(self) -> Path:
        return Path(self.request.cwd)

    async def fetch(self, path: str, *, token: str | None = None, **request: Any) -> Answer:
        """Ask the session itself, without the proxy; as its owner unless told otherwise."""
        own = self.token if token is None else token
        return await asyncio.to_thread(fetch, self.url + path, own, **request)


class Sessions:
    """Starts sessions for a test, each with a home of its own."""

    def __init__(self, client: ProcessClient, hub: TinyHub | None, folder: Path) -> None:
        self.client = client
        self.hub = hub
        self.folder = folder

    def prepare(self, **changes: Any) -> tuple[ProcessRequest, socket.socket]:
        """Make a request for a new session, and its listening socket."""
        name = f"s{next(_numbers)}"
        home = self.folder / name
        home.mkdir()
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        env = {"PATH": os.environ["PATH"], "HOME": str(home)}
        if self.hub is not None:
            env = self.hub.session_env("anna", name, home, listener.getsockname()[1])
        env.update(changes.pop("env", {}))
        request = ProcessRequest(
            key=f"{name}:1",
            argv=("--allow-root",),
            env=env,
            cwd=str(home),
            log_path=str(self.folder / f"{name}.log"),
        )
        return replace(request, **changes), listener

    async def start(self, **changes: Any) -> Session:
        """Launch a session and wait until it is ready."""
        request, listener = await asyncio.to_thread(lambda: self.prepare(**changes))
        with listener:
            port = listener.getsockname()[1]
            launched = await self.client.launch(request, listener)
            await self.client.wait_ready(launched, 30)
        return Session(launched, request, port)

    async def run(self, script: str, **changes: Any) -> tuple[Launched, ProcessRequest]:
        """Launch a Python script in the place of a server, and wait until it says that it is up.

        It says so by a file `up` in its folder; nothing else is waited for.
        """
        program = (sys.executable, "-c", script)
        request, listener = self.prepare(**{"executable": program, "argv": (), **changes})
        listener.close()
        launched = await self.client.launch(request, None)
        await eventually((Path(request.cwd) / "up").exists, 10, "the program is up")
        return launched, request

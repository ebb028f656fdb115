"""Under `jupyterhub-singleuser`, every door asks the hub who comes: pages and websockets alike."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tornado.httpclient import HTTPClientError

from .session_process import SessionProcess, session
from .shell_client import shell

PREFIX = "/user/ann/s1/"
ACCESS = "access:servers!server=ann/s1"
VISITORS = {
    "of-ann": {"kind": "user", "name": "ann", "scopes": [ACCESS], "session_id": None},
    "of-bob": {"kind": "user", "name": "bob", "scopes": [], "session_id": None},
}


@contextmanager
def answering_as_the_hub() -> Iterator[str]:
    """Listen like the hub's REST API, as far as a single-user server asks it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            token = self.headers.get("Authorization", "").removeprefix("token ")
            model = VISITORS.get(token) if self.path.endswith("/user") else {"version": "6.1.1"}
            self.answer(200 if model else 403, model or {"status": 403})

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.answer(200, {})

        def answer(self, status: int, model: object) -> None:
            body = json.dumps(model).encode()
            self.send_response(status)
            self.send_header("X-JupyterHub-Version", "6.1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/hub/api"
        server.shutdown()


@pytest.fixture(scope="module")
def hubs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SessionProcess]:
    """Give ann's session as the hub starts it."""
    folder: Path = tmp_path_factory.mktemp("hubs")
    with answering_as_the_hub() as api:
        env = {
            "JUPYTERHUB_API_TOKEN": "of-the-session",
            "JUPYTERHUB_API_URL": api,
            "JUPYTERHUB_ACTIVITY_URL": f"{api}/users/ann/activity",
            "JUPYTERHUB_BASE_URL": "/",
            "JUPYTERHUB_CLIENT_ID": "jupyterhub-user-ann-s1",
            "JUPYTERHUB_HOST": "",
            "JUPYTERHUB_OAUTH_ACCESS_SCOPES": json.dumps([ACCESS]),
            "JUPYTERHUB_OAUTH_CALLBACK_URL": f"{PREFIX}oauth_callback",
            "JUPYTERHUB_OAUTH_CLIENT_ALLOWED_SCOPES": "[]",
            "JUPYTERHUB_OAUTH_SCOPES": json.dumps([ACCESS]),
            "JUPYTERHUB_SERVER_NAME": "s1",
            "JUPYTERHUB_SERVICE_PREFIX": PREFIX,
            "JUPYTERHUB_USER": "ann",
            "SESSIONS_CODE_SERVER": str(folder / "not-there"),
        }

        def arguments(port: int) -> list[str]:
            env["JUPYTERHUB_SERVICE_URL"] = f"http://127.0.0.1:{port}{PREFIX}"
            return ["--allow-root", f"--ServerApp.root_dir={folder / 'drive'}"]

        with session(folder, env, ("jupyterhub.singleuser",), arguments, PREFIX) as made:
            yield made


async def test_the_owner_gets_in_by_every_door(hubs: SessionProcess) -> None:
    assert hubs.ask("bash/", token="of-ann").status_code == 200
    assert "not installed" in hubs.ask("code/", token="of-ann").text
    assert hubs.ask("sessions/idle", token="of-ann").json()["idle"] is None
    async with shell(hubs, token="of-ann") as client:
        await client.type("echo in''side\r")
        await client.until("inside")


@pytest.mark.parametrize("token", [None, "of-bob", "of-nobody", "of-the-session"])
async def test_nobody_else_does(hubs: SessionProcess, token: str | None) -> None:
    for path in ("bash/", "bash/static/app.js", "code/", "sessions/idle", "proxy/8000/"):
        assert hubs.ask(path, token=token).status_code in {302, 403}, path
    for path in ("bash/websocket", "bash/websocket/2", "code/"):
        with pytest.raises(HTTPClientError) as refused:
            async with shell(hubs, path, token):
                pass
        assert refused.value.code in {302, 403, 404}, path

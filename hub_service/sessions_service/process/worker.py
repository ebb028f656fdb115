"""The worker: serves the page and the API on the supervisor's socket."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import signal
import socket
import sys
from pathlib import Path

from jupyterhub.services.auth import HubOAuth
from tornado.httpserver import HTTPServer

from ..db.seal import KEY_VARIABLE, Seal, WrongKey
from ..db.work import Database, DatabaseBusy, LeaseHeld, LeaseLost
from ..hub.client import HubClient
from ..web.application import Service
from ..web.server import make_server
from ..web.tornado_app import make_application
from .waiting import answer_not_yet

log = logging.getLogger(__name__)


def work(state: Path, socket_fd: int, supervisor: str) -> int:
    """Run one worker until SIGTERM; return the exit code."""
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO,
        format="%(levelname).1s %(asctime)s sessions %(message)s",
    )
    return asyncio.run(_serve(state, socket_fd, supervisor))


async def _serve(state: Path, socket_fd: int, supervisor: str) -> int:
    api_url = os.environ["JUPYTERHUB_API_URL"]
    token = os.environ.pop("JUPYTERHUB_API_TOKEN")
    secret = read_cookie_secret(state / "cookie.secret")
    db = Database(database_url(state), seal=take_seal())
    service = Service(
        state,
        db,
        HubClient(api_url.rstrip("/"), token),
        # The callback's handler asks for the one instance.
        HubOAuth.instance(api_token=token),
        base_url=os.environ["JUPYTERHUB_SERVICE_PREFIX"],
        hub_base_url=os.environ["JUPYTERHUB_BASE_URL"] + "hub/",
        secret=secret,
    )
    ended = asyncio.get_running_loop().create_future()
    _listen_to_signals(ended)
    await db.upgrade()
    if not await _take_lease(db, supervisor, socket_fd, ended):
        await db.close()
        return 0
    await service.start()
    server = _open(service, secret, socket_fd)
    lease = asyncio.create_task(db.keep_lease())
    done, _ = await asyncio.wait({ended, lease}, return_when=asyncio.FIRST_COMPLETED)
    server.stop()
    if lease in done:
        log.error("lease.lost")
        await service.close()
        return 1
    lease.cancel()
    await service.note_hub_stopping()
    await server.close_all_connections()
    await service.close()
    return 0


def _listen_to_signals(ended: asyncio.Future[None]) -> None:
    loop = asyncio.get_running_loop()

    def end() -> None:
        if not ended.done():
            ended.set_result(None)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)


def _open(service: Service, secret: bytes, socket_fd: int) -> HTTPServer:
    server = make_server(make_application(service, secret))
    listener = socket.socket(fileno=socket_fd)
    listener.setblocking(False)
    server.add_socket(listener)
    log.info("worker.serves")
    return server


async def _take_lease(
    db: Database, supervisor: str, socket_fd: int, ended: asyncio.Future[None]
) -> bool:
    """Wait until no other service holds the lease; tell whether it is ours before we shall end."""
    waiting: HTTPServer | None = None
    try:
        while not ended.done():
            try:
                number = await db.acquire(supervisor)
            except LeaseHeld as held:
                log.warning("lease.held seconds=%.0f", held.seconds)
                waiting = waiting or answer_not_yet(socket_fd)
                await asyncio.wait({ended}, timeout=min(held.seconds + 0.1, 1.0))
            except (LeaseLost, DatabaseBusy):
                await asyncio.wait({ended}, timeout=1.0)
            else:
                log.info("lease.taken number=%d", number)
                return True
        return False
    finally:
        if waiting is not None:
            waiting.stop()
            await waiting.close_all_connections()


def database_url(state: Path) -> str:
    """Return the database's address: from the 0600 file `database.url`, else SQLite's."""
    path = state / "database.url"
    if not path.exists():
        return f"sqlite:///{state / 'sessions.sqlite'}"
    if path.stat().st_mode & 0o077:
        raise SystemExit(f"The database's address is open to others: run chmod 600 {path}.")
    return path.read_text().strip()


def take_seal() -> Seal:
    """Return the seal of the keys in our environment, and leave none of them there."""
    try:
        return Seal(os.environ.pop(KEY_VARIABLE, ""))
    except WrongKey as error:
        raise SystemExit(str(error)) from None


def read_cookie_secret(path: Path) -> bytes:
    """Return the secret that signs cookies and tokens of the page, made on first use."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(32))
    return path.read_bytes()

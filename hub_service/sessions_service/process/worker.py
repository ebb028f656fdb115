"""The worker: serves the page and the API on the supervisor's socket."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys

from jupyterhub.services.auth import HubOAuth
from tornado.httpserver import HTTPServer

from ..db.work import Database, DatabaseBusy, LeaseHeld, LeaseLost
from ..hub.client import HubClient
from ..web.application import Service
from ..web.server import make_server
from ..web.tornado_app import make_application
from .place import Place
from .waiting import answer_not_yet

log = logging.getLogger(__name__)


def work(place: Place, socket_fd: int, supervisor: str) -> int:
    """Run one worker until SIGTERM; return the exit code."""
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO,
        format="%(levelname).1s %(asctime)s sessions %(message)s",
    )
    return asyncio.run(_serve(place, socket_fd, supervisor))


async def _serve(place: Place, socket_fd: int, supervisor: str) -> int:
    api_url = os.environ["JUPYTERHUB_API_URL"]
    token = os.environ.pop("JUPYTERHUB_API_TOKEN")
    secret = place.cookie_secret()
    db = Database(place.database_url(), seal=place.take_seal())
    service = Service(
        place,
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
    if not place.is_its_own:
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

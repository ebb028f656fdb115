"""Where the doctor asks the running service what only the hub's process can look at."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sessions_spawner.wire.channel import (
    MOST_BYTES,
    Body,
    Channel,
    LinkDown,
    Refused,
    peer_is_own_user,
)
from sessions_spawner.wire.cluster import ClusterLook

from ..hub.link import NoSettingsYet

if TYPE_CHECKING:
    from ..hub.link import ServiceEnd

log = logging.getLogger(__name__)

# Beside the link's, and no longer: a socket's path has 107 bytes at most.
_SOCKET: Final = "link/ask.sock"
_SECONDS: Final = 30.0
# The code of a refusal while the hub's process is away.
_NOT_NOW: Final = "not-now"


class DoctorDoor:
    """A socket in the state folder, for its own user and root: who may read the records anyway."""

    def __init__(self, state: Path, link: ServiceEnd) -> None:
        self._path = state / _SOCKET
        self._link = link
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Open the socket, replacing one that is left; the service does without it too."""
        before = os.umask(0o177)
        try:
            self._path.unlink(missing_ok=True)
            self._server = await asyncio.start_unix_server(self._serve, str(self._path))
        except OSError as error:
            log.warning("doctor.no_door error=%s", error)
        finally:
            os.umask(before)

    def close(self) -> None:
        """Close the socket."""
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if peer_is_own_user(writer):
            await Channel(reader, writer, {"cluster": self._answer}).serve()
        writer.close()

    async def _answer(self, _body: Body) -> Body:
        """Answer what the cluster has, and nothing where sessions are no pods."""
        try:
            if not self._link.snapshot.cluster:
                return {}
            return (await self._link.cluster()).model_dump(mode="json")
        except (LinkDown, NoSettingsYet) as away:
            raise Refused(_NOT_NOW, str(away)) from None


class NotAsked(Exception):
    """Nobody could be asked about pods; the sentence says why."""


class ClusterAway(Exception):
    """The cluster did not answer the hub; the sentence says what it said."""


async def ask_about_cluster(state: Path) -> ClusterLook | None:
    """Return what the cluster has of sessions, None where they are no pods.

    Raises `NotAsked`, `ClusterAway`.
    """
    try:
        reader, writer = await asyncio.open_unix_connection(str(state / _SOCKET), limit=MOST_BYTES)
    except OSError:
        raise NotAsked("The service does not run here.") from None
    channel = Channel(reader, writer, {})
    serving = asyncio.create_task(channel.serve())
    try:
        found = await channel.ask("cluster", {}, seconds=_SECONDS)
    except LinkDown as away:
        raise NotAsked(str(away)) from None
    except Refused as refusal:
        raise (NotAsked if refusal.code == _NOT_NOW else ClusterAway)(str(refusal)) from None
    finally:
        channel.close()
        with contextlib.suppress(OSError):
            await serving
    return ClusterLook(**found) if found else None

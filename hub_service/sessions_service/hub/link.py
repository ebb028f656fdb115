"""The service's end of the link: where the hub process connects to."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sessions_spawner.request.environments import Environment, from_wire
from sessions_spawner.request.offer_settings import read_offers
from sessions_spawner.request.offers import NO_OFFERS, Offers
from sessions_spawner.wire.channel import (
    MOST_BYTES,
    Answerer,
    Body,
    Channel,
    LinkDown,
    NotProven,
    Refused,
    meet_as_service,
    peer_is_own_user,
)
from sessions_spawner.wire.cluster import ClusterLook
from sessions_spawner.wire.messages import (
    DriveFigures,
    GoingRun,
    LiveServer,
    LogLines,
    LogQuestion,
    Owner,
    PlacedDrive,
)
from sessions_spawner.wire.network import host_and_port, notice_silence
from sessions_spawner.wire.secret import BadSecret, read_secret
from sessions_spawner.wire.snapshot import Snapshot

from .kept import Kept

log = logging.getLogger(__name__)

_OWNER_SECONDS = 10.0
_RENDERED = 200  # each is three texts of some kB
_TRIED_AT_A_TIME = 4


@dataclass(frozen=True)
class Live:
    """What the hub process has: its servers, and the runs whose reports wait there.

    `agrees` says that its running servers are those that were taken for running; they are left out.
    """

    servers: list[LiveServer]
    reported: frozenset[tuple[str, int]] = frozenset()
    agrees: bool = False


class NoSettingsYet(Exception):
    """The hub process has not sent its settings yet."""


class ServiceEnd:
    """One a service: listens, keeps the settings, asks the hub process.

    `address` is `unix:` (a socket in the folder) or `HOST:PORT` for a service of its own pod;
    `secret_of_link` reads the secret, from the folder unless it is given.
    """

    def __init__(
        self,
        folder: Path,
        answerers: dict[str, Answerer],
        *,
        address: str = "unix:",
        secret_of_link: Callable[[], bytes] | None = None,
    ) -> None:
        self._folder = folder
        self._address = address
        self._read_secret = secret_of_link or partial(read_secret, folder / "link.secret")
        self._answerers = {**answerers, "settings": self._take_settings}
        self._channel: Channel | None = None
        self._server: asyncio.Server | None = None
        self._snapshot: Snapshot | None = None
        self.settings_digest = ""
        self._owners: Kept[str, Owner] = Kept(_OWNER_SECONDS)
        self._environments: Kept[str, tuple[Environment, ...]] = Kept(_OWNER_SECONDS)
        self._listed: tuple[Environment, ...] = ()
        # Of the environments that all users have; those that differ by user are not among them.
        self.environment_names: frozenset[str] = frozenset()
        self._offers = NO_OFFERS
        self._asked_offers: Kept[str, Offers] = Kept(_OWNER_SECONDS)
        self._rendered: Kept[str, Body] = Kept(_OWNER_SECONDS, most=_RENDERED)
        self._rendering = asyncio.Lock()
        self._trying = asyncio.Semaphore(_TRIED_AT_A_TIME)
        self._schema: Kept[str, Body] = Kept(_OWNER_SECONDS)
        self._members: Kept[str, frozenset[str]] = Kept(_OWNER_SECONDS)
        self._figures: Kept[str, DriveFigures] = Kept(_OWNER_SECONDS)
        self.when_up: list[Callable[[], Awaitable[None]]] = []

    async def listen(self) -> None:
        """Open the socket, replacing one that a dead service left."""
        if self._address != "unix:":
            host, port = host_and_port(self._address)
            self._server = await asyncio.start_server(self._meet, host, port, limit=MOST_BYTES)
            return
        path = self._folder / "link.sock"
        path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            self._server = await asyncio.start_unix_server(self._meet, str(path), limit=MOST_BYTES)
        finally:
            os.umask(before)

    async def close(self) -> None:
        """Close the socket and the connection."""
        if self._server is not None:
            self._server.close()
        if self._channel is not None:
            self._channel.close()

    @property
    def is_up(self) -> bool:
        """Tell whether the hub process is connected."""
        return self._channel is not None and self._channel.is_open

    @property
    def is_ready(self) -> bool:
        """Tell whether the hub process has sent its settings too, without which nothing starts."""
        return self.is_up and self._snapshot is not None

    @property
    def snapshot(self) -> Snapshot:
        """The settings. Raises `NoSettingsYet` before the first ones came."""
        if self._snapshot is None:
            raise NoSettingsYet("The hub has not sent its settings yet. Try again in a moment.")
        return self._snapshot

    async def owner(self, name: str) -> Owner | None:
        """Return who a user is, kept 10 s; None if the hub knows no such user."""
        kept = self._owners.get(name)
        if kept is not None:
            return kept
        try:
            owner = Owner(**await self._ask("owner", {"name": name}))
        except Refused as refusal:
            if refusal.code == "missing":
                return None
            raise
        self._owners.put(name, owner)
        return owner

    async def members(self, group: str) -> frozenset[str]:
        """Return the keys of the persons in a group, kept 10 s; nobody while the link is down."""
        kept = self._members.get(group)
        if kept is None:
            try:
                answer = await self._ask("members", {"group": group})
            except (LinkDown, Refused):
                return frozenset()
            kept = frozenset(answer["keys"])
            self._members.put(group, kept)
        return kept

    async def environments(self, name: str) -> tuple[Environment, ...]:
        """Return the environments of a user; asked for when they differ by user, kept 10 s."""
        if self.snapshot.environments is not None:
            return self._listed
        kept = self._environments.get(name)
        if kept is None:
            answer = await self._ask("environments", {"name": name})
            kept = tuple(from_wire(one) for one in answer["environments"])
            self._environments.put(name, kept)
        return kept

    async def offers(self, owner: Owner | None) -> Offers:
        """Return what is offered to a person. Raises `LinkDown`."""
        return (await self.all_offers()).for_groups(owner.groups if owner else ())

    async def all_offers(self) -> Offers:
        """Return what is offered to anybody; asked for when it changes, kept 10 s.

        Nothing while the administrator's labels cannot be read. Raises `LinkDown`.
        """
        found = self._offers
        if self.snapshot.offers is None:
            kept = self._asked_offers.get("")
            if kept is not None:
                return kept
            found = await self._ask_offers()
            self._asked_offers.put("", found)
        return found

    async def _ask_offers(self) -> Offers:
        try:
            return read_offers(**(await self._ask("offers", {}))["offers"])
        except Refused as refusal:
            log.error("offers.unreadable reason=%s", refusal.message)
            return NO_OFFERS

    async def render(self, name: str, request: Body, digest: str, flags: Body) -> Body:
        """Return the pod that a user's stored request would make, kept 10 s by its digest.

        One at a time: each holds up the hub's event loop. Those that wait for the cluster's answer
        to a dry run wait beside them. `flags` go with the question.

        Raises `LinkDown`, `Refused`.
        """
        key = f"{name} {digest} {sorted(flags.items())}"
        async with self._trying if flags.get("dry_run") else self._rendering:
            kept = self._rendered.get(key)
            if kept is None:
                kept = await self._ask("render", {"name": name, "request": request, **flags})
                self._rendered.put(key, kept)
            return kept

    async def pod_schema(self, name: str) -> Body:
        """Return what YAML may set in a pod, kept 10 s. Raises `LinkDown`, `Refused`.

        The settings decide it, for everybody alike; the hub process wants the name of somebody.
        """
        kept = self._schema.get("")
        if kept is None:
            kept = dict((await self._ask("pod-schema", {"name": name}))["schema"])
            self._schema.put("", kept)
        return kept

    async def live(self, running: str = "") -> Live:
        """Return the servers that are ready or pending, as the hub process sees them.

        `running` is a digest of the runs that are taken for running.
        """
        answer = await self._ask("live", {"running": running})
        return Live(
            [LiveServer(**one) for one in answer["servers"]],
            frozenset((str(a), int(b)) for a, b in answer.get("reported", ())),
            agrees=bool(answer.get("agrees", False)),
        )

    async def going_run(self, session_id: str, generation: int) -> GoingRun | None:
        """Return what a run that goes on was started with, None if there is none."""
        try:
            return GoingRun(**await self._ask("run", {"id": session_id, "generation": generation}))
        except Refused as refusal:
            if refusal.code == "missing":
                return None
            raise

    async def remove_drive(self, drive_id: str, place: str | None) -> None:
        """Have the files of a deleted drive removed. Raises `LinkDown`, `Refused`."""
        await self._ask("remove-drive", {"drive": drive_id, "place": place})

    async def drives(self, places: Mapping[str, str]) -> dict[str, DriveFigures]:
        """Return the figures of drives, kept 10 s. Raises `LinkDown`, `Refused`."""
        asked = {one: place for one, place in places.items() if self._figures.get(one) is None}
        if asked:
            answer = await self._ask("drives", {"places": asked})
            for one, figures in answer["drives"].items():
                self._figures.put(one, DriveFigures(**figures))
        found = {one: self._figures.get(one) for one in places}
        return {one: figures for one, figures in found.items() if figures is not None}

    async def grow_drive(self, drive_id: str, place: str, size: str) -> None:
        """Have a drive become larger. Raises `LinkDown`, `Refused`."""
        await self._ask("grow-drive", {"drive": drive_id, "place": place, "size": size})
        self._figures.clear()

    async def adopt_drive(self, drive_id: str, place: str, owner: Owner) -> PlacedDrive:
        """Make storage that is there already a drive's. Raises `LinkDown`, `Refused`."""
        body = {"drive": drive_id, "place": place, "owner": owner.model_dump(mode="json")}
        return PlacedDrive(**await self._ask("adopt-drive", body))

    async def log(self, question: LogQuestion) -> LogLines:
        """Return lines of a run's log. Raises `LinkDown`, `Refused`."""
        return LogLines(**await self._ask("logs", question.model_dump(mode="json")))

    async def cluster(self) -> ClusterLook:
        """Return what the cluster has of sessions. Raises `LinkDown`, `Refused`."""
        return ClusterLook(**await self._ask("cluster", {}))

    async def _ask(self, what: str, body: Body) -> Body:
        if self._channel is None:
            raise LinkDown("The hub process is not connected.")
        return await self._channel.ask(what, body)

    async def _take_settings(self, body: Body) -> Body:
        self._snapshot = Snapshot(**body)
        self._listed = tuple(from_wire(one) for one in self._snapshot.environments or ())
        self.environment_names = frozenset(one.name for one in self._listed)
        # The hub's own, so that settings of another version are not sent again and again.
        self.settings_digest = str(body.get("digest") or self._snapshot.digest())
        self._owners.clear()
        self._members.clear()
        self._environments.clear()
        self._offers = read_offers(**(self._snapshot.offers or {}))
        self._asked_offers.clear()
        self._rendered.clear()
        self._schema.clear()
        log.info("settings.taken digest=%s", self.settings_digest[:12])
        return {}

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if not peer_is_own_user(writer):
                raise NotProven("The other end runs as another user.")
            notice_silence(writer)
            await meet_as_service(reader, writer, self._read_secret())
        except (NotProven, BadSecret, OSError) as error:
            log.warning("link.refused reason=%s", error)
            writer.close()
            return
        if self._channel is not None:
            self._channel.close()
        self._channel = channel = Channel(reader, writer, self._answerers)
        log.info("link.up")
        for call in self.when_up:
            task: asyncio.Task[Any] = asyncio.ensure_future(call())
            task.add_done_callback(_log_failure)
        await channel.serve()
        if self._channel is channel:
            self._channel = None
            log.info("link.down")


def _log_failure(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.error("link.when_up_failed", exc_info=task.exception())

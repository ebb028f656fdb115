"""The hub's end of the link: connects, sends settings and reports, answers the service."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from .channel import Answerer, Body, Channel, LinkDown, NotProven, Refused, meet_as_hub
from .messages import Report, Seen, Stage
from .network import host_and_port, notice_silence
from .outbox import Outbox
from .secret import ensure_secret
from .snapshot import Snapshot

log = logging.getLogger(__name__)

_RETRY_SECONDS = (0.05, 0.1, 0.2, 0.5)
_ADMIT_SECONDS = 10.0
_CONNECT_SECONDS = 5.0
_REPORT_AGAIN_SECONDS = 1.0
# So many go in one message, and of so many sessions reports are under way at a time.
_MOST_TOGETHER = 100
_MOST_UNDER_WAY = 500
_SETTINGS_TRIES = 3


class HubEnd:
    """One a hub process: keeps the connection up and what was not confirmed.

    `folder` is the 0700 folder with the service's socket, the secret and the outbox; `address`
    is `unix:` (the socket in that folder) or `HOST:PORT` for a service in a pod of its own.
    `secret` is the link's; None takes the folder's, made when there is none. `when_silent` is
    called again and again while nobody answers there.
    """

    def __init__(
        self,
        folder: Path,
        *,
        make_snapshot: Callable[[], Snapshot],
        answerers: dict[str, Answerer],
        address: str = "unix:",
        secret: bytes | None = None,
        when_silent: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        self._folder = folder
        self._address = address
        self._when_silent = when_silent
        self._make_snapshot = make_snapshot
        self._answerers = answerers
        self._secret = secret or ensure_secret(folder / "link.secret")
        self._outbox = Outbox(folder / "outbox.jsonl")
        self._channel: Channel | None = None
        self._up = asyncio.Event()
        self._sent_digest = ""
        self._task: asyncio.Task[None] | None = None
        # Sessions whose reports are under way, and what tells whether the hub says what one says.
        self._under_way: set[str] = set()
        self._agrees: dict[int, Callable[[], bool]] = {}
        self._sending: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin to connect, for as long as the event loop runs."""
        self._task = asyncio.create_task(self._keep_connected())

    async def ask(self, what: str, body: Body, *, seconds: float = _ADMIT_SECONDS) -> Body:
        """Ask the service, waiting that long for link and answer. Raises `LinkDown`, `Refused`."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    await self._up.wait()
                    channel = self._channel
                    if channel is None:
                        continue
                    try:
                        return await channel.ask(what, body, seconds=seconds)
                    except LinkDown:
                        # Admission is idempotent for one server and token: asking again is safe.
                        await asyncio.sleep(0.05)
        except TimeoutError:
            raise LinkDown("Sessions are restarting.") from None

    async def admit(self, body: Body) -> Body:
        """Ask for admission; sends the settings first when the service has others.

        Raises `Refused` when the service refuses, `LinkDown` when it stays away.
        """
        for _ in range(_SETTINGS_TRIES):
            try:
                return await self.ask("admit", body)
            except Refused as refusal:
                if refusal.code != "settings":
                    raise
            await self.send_settings()
            body = {**body, "settings_digest": self._sent_digest}
        raise LinkDown("The service does not take the settings.")

    @property
    def settings_digest(self) -> str:
        """The digest of the settings that were sent last."""
        return self._sent_digest

    async def send_settings(self) -> None:
        """Send the settings as they are now."""
        snapshot = self._make_snapshot()
        if self._channel is None:
            raise LinkDown("The link is down.")
        digest = snapshot.digest()
        # The service compares this digest and makes none: it may know other fields than we.
        body = {**snapshot.model_dump(mode="json"), "digest": digest}
        await self._channel.ask("settings", body)
        self._sent_digest = digest

    def report(self, report: Report, agrees: Callable[[], bool] | None = None) -> None:
        """Keep a report until the service confirms it, and send it.

        `agrees` tells at each sending whether the hub says the same: nobody has to ask it then.
        """
        number = self._outbox.add(report.model_dump(mode="json"))
        if agrees is not None:
            self._agrees[number] = agrees
        self._send_reports()

    def waiting_runs(self) -> list[tuple[str, int]]:
        """Return the runs whose reports the service has not confirmed."""
        return [(one["id"], one["generation"]) for one in self._outbox.waiting()]

    def tell_stage(self, stage: Stage) -> None:
        """Tell the service how far a start has come; not kept."""
        if self._channel is not None:
            self._channel.tell("stage", stage.model_dump(mode="json"))

    def tell_seen(self, seen: Seen) -> None:
        """Tell the service what is seen of a start beside its stages; not kept."""
        if self._channel is not None:
            self._channel.tell("seen", seen.model_dump(mode="json"))

    async def _keep_connected(self) -> None:
        tries = 0
        while True:
            try:
                await self._connect_once()
                tries = 0
            except (OSError, NotProven, LinkDown, Refused) as error:
                log.debug("link.not_connected error=%s", error)
            except Exception as error:
                # Settings that cannot be read, such as a wrong profile_list: say so, try again.
                log.exception("link.failed error=%s", error)
            await asyncio.sleep(_RETRY_SECONDS[min(tries, len(_RETRY_SECONDS) - 1)])
            tries += 1
            if tries > len(_RETRY_SECONDS) and self._when_silent is not None:
                await self._when_silent()

    async def _connect_once(self) -> None:
        reader, writer = await self._open()
        try:
            await meet_as_hub(reader, writer, self._secret)
        except BaseException:
            writer.close()
            raise
        channel = Channel(reader, writer, self._answerers)
        serving = asyncio.create_task(channel.serve())
        self._channel = channel
        try:
            await self.send_settings()
            self._up.set()
            log.info("link.up")
            self._send_reports()
            await serving
        finally:
            self._up.clear()
            self._channel = None
            channel.close()
            log.info("link.down")

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        most = 8 * 1024 * 1024
        if self._address == "unix:":
            return await asyncio.open_unix_connection(str(self._folder / "link.sock"), limit=most)
        host, port = host_and_port(self._address)
        async with asyncio.timeout(_CONNECT_SECONDS):
            reader, writer = await asyncio.open_connection(host, port, limit=most)
        notice_silence(writer)
        return reader, writer

    def _send_reports(self) -> None:
        """Send what waits. Only the reports of one session wait for each other."""
        channel = self._channel
        if channel is None:
            return
        while channel.is_open and (batch := self._next_reports()):
            self._under_way.update(report["id"] for report in batch)
            sending = asyncio.get_running_loop().create_task(self._send(channel, batch))
            self._sending.add(sending)
            sending.add_done_callback(self._sending.discard)

    def _next_reports(self) -> list[dict[str, Any]]:
        """Return reports of sessions that have none under way, oldest first."""
        room = min(_MOST_TOGETHER, _MOST_UNDER_WAY - len(self._under_way))
        waiting = (one for one in self._outbox.waiting() if one["id"] not in self._under_way)
        return list(islice(waiting, max(room, 0)))

    async def _send(self, channel: Channel, batch: list[dict[str, Any]]) -> None:
        """Send reports, and then what came meanwhile.

        What the service could not take now, it is sent again a moment later.
        """
        told = [{**one, "agreed": self._is_agreed(one["n"])} for one in batch]
        try:
            await channel.ask("reports", {"reports": told})
            self._confirm([one["n"] for one in batch])
        except (LinkDown, Refused) as error:
            log.warning("link.reports_wait count=%d error=%s", len(batch), error)
            if channel.is_open:
                await asyncio.sleep(_REPORT_AGAIN_SECONDS)
        finally:
            self._under_way.difference_update(one["id"] for one in batch)
        self._send_reports()

    def _is_agreed(self, number: int) -> bool:
        agrees = self._agrees.get(number)
        return agrees is not None and agrees()

    def _confirm(self, numbers: Sequence[int]) -> None:
        self._outbox.confirm(numbers)
        for number in numbers:
            self._agrees.pop(number, None)

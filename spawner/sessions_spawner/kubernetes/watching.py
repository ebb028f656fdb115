"""A watch over the pods of sessions: what each is now, and a wait that ends with an event.

One list, then a stream of changes for as long as the API server keeps it; a list again only when
the stream has lost its place (410). Nobody polls: whoever waits for a pod is called by its change.
The list comes in pieces, and the loop turns between them: ten thousand pods hold up nobody.
Changes for which nobody waits are taken ten times a second, all that came together.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import socket
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from contextlib import aclosing, contextmanager, suppress
from typing import Any, Final, Protocol, TypeVar

import orjson
from kubernetes_asyncio.client import ApiException

from .trimming import PackedPods, Pod, trim

log = logging.getLogger(__name__)

T = TypeVar("T")

# The API server ends a watch after this time, and a silent connection is noticed soon after.
WATCH_SECONDS: Final = 300
_SILENCE_SECONDS: Final = 30
# A piece of 25 pods is 250 kB, and holds up the loop for about 2 ms. Larger ones leave the process
# larger too: what was read and made of the largest stays with it.
_LIST_PIECE: Final = 25
# How long changes gather for which nobody waits.
_GATHER_SECONDS: Final = 0.1
_GATHER_BYTES: Final = 65536
_PAUSES: Final = (0.1, 0.3, 1.0, 2.0, 5.0)
_GONE: Final = 410


class Stream(Protocol):
    """What the API server's client answers to an open call."""

    content: Any
    # What the answer comes over, where it does.
    connection: Any

    def release(self) -> object:
        """Let go of the connection."""


# Calls the API server for pods, with query parameters, and returns the open answer.
Call = Callable[[Mapping[str, Any]], Awaitable[Stream]]


class LostPlace(Exception):
    """The API server no longer has the changes since the last one that was seen."""


class PodWatch:
    """Pods by name as they are now, trimmed (`trim`); `is_synced` once all are known."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self.pods = PackedPods()
        self._synced = asyncio.Event()
        self._changed: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._awaited = asyncio.Event()
        self._listeners: list[Callable[[str, Pod | None], None]] = []
        self._version = ""
        self._running: asyncio.Task[None] | None = None
        # The last call was not answered: what is known may be old.
        self.is_away = False
        self._is_heard = False

    def start(self) -> None:
        """Begin to watch, unless it has begun."""
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End the watch."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    @property
    def is_synced(self) -> bool:
        """Tell whether all pods were listed at least once."""
        return self._synced.is_set()

    async def wait_synced(self, seconds: float | None) -> bool:
        """Wait until all pods are known; tell whether they are after so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self._synced.wait()
        except TimeoutError:
            return False
        return True

    def add_listener(self, listener: Callable[[str, Pod | None], None]) -> None:
        """Call `listener(name, pod)` with every change; None for a pod that is gone."""
        self._listeners.append(listener)

    async def wait_for(self, name: str, look: Callable[[Pod | None], T | None]) -> T:
        """Return what `look` makes of a pod, as soon as that is not None."""
        changed = asyncio.Event()
        self._changed[name].add(changed)
        self._awaited.set()
        try:
            while (found := look(self.pods.get(name))) is None:
                changed.clear()
                await changed.wait()
            return found
        finally:
            self._changed[name].discard(changed)
            if not self._changed[name]:
                del self._changed[name]

    def nudge(self, name: str) -> None:
        """Have those who wait for a pod look again."""
        for changed in self._changed.get(name, ()):
            changed.set()

    async def _run(self) -> None:
        tries = 0
        while True:
            try:
                if not self._version:
                    await self._list()
                tries = 0 if await self._follow() else tries + 1
            except LostPlace:
                self._version = ""
                tries += 1
            except Exception as error:
                # The API server is away: what is known stays, and nothing ends because of it.
                tries = 1 if self._is_heard else tries + 1
                self._is_heard = False
                self.is_away = True
                log.warning("pods.watch_failed error=%s tries=%d", _name_of(error), tries)
            if tries:
                await asyncio.sleep(_PAUSES[min(tries, len(_PAUSES)) - 1])

    async def _list(self) -> None:
        """Learn all pods, in pieces, and forget those that are gone."""
        found: set[str] = set()
        asked: dict[str, Any] = {"limit": _LIST_PIECE}
        while True:
            metadata = self._take_piece(await self._read(asked), found)
            following = metadata.get("continue")
            if not following:
                break
            asked = {"limit": _LIST_PIECE, "continue": following}
        for name in set(self.pods) - found:
            self._take(name, None)
        self._version = metadata["resourceVersion"]
        self._synced.set()

    async def _read(self, asked: Mapping[str, Any]) -> bytes:
        answer = await self._call(asked)
        try:
            piece: bytes = await answer.content.read()
        finally:
            answer.release()
        return piece

    def _take_piece(self, piece: bytes, found: set[str]) -> Mapping[str, Any]:
        """Keep the pods of a list's piece, add their names to those found; return its metadata."""
        with _no_collection():
            body = orjson.loads(piece)
            for pod in body.pop("items"):
                found.add(name := pod["metadata"]["name"])
                self._take(name, trim(pod))
            pod = None
        metadata: Mapping[str, Any] = body["metadata"]
        return metadata

    async def _follow(self) -> bool:
        """Take changes until the stream ends; tell whether any came. Raises `LostPlace`."""
        is_heard = False
        asked = {
            "watch": "true",
            "resourceVersion": self._version,
            "allowWatchBookmarks": "true",
            "timeoutSeconds": WATCH_SECONDS,
        }
        answer = await self._open(asked)
        self.is_away = False
        try:
            async with aclosing(_lines_of(answer.content)) as pieces:
                async for lines in pieces:
                    is_heard = self._is_heard = True
                    for line in lines:
                        self._take_event(orjson.loads(line))
                    await self._gather(answer)
        finally:
            answer.release()
        return is_heard

    async def _open(self, asked: Mapping[str, Any]) -> Stream:
        try:
            return await self._call(asked)
        except ApiException as error:
            if error.status == _GONE:
                raise LostPlace from None
            raise

    async def _gather(self, answer: Stream) -> None:
        """Let changes come together while nobody waits for one: each of many costs much less."""
        if self._changed:
            return
        self._awaited.clear()
        _wake_from(_GATHER_BYTES, answer)
        try:
            async with asyncio.timeout(_GATHER_SECONDS):
                await self._awaited.wait()
        except TimeoutError:
            pass
        finally:
            _wake_from(1, answer)

    def _take_event(self, event: Mapping[str, Any]) -> None:
        kind, thing = event["type"], event["object"]
        if kind == "ERROR":
            if thing.get("code") == _GONE:
                raise LostPlace
            raise RuntimeError(thing.get("message", "the watch failed"))
        metadata = thing["metadata"]
        self._version = metadata["resourceVersion"]
        if kind != "BOOKMARK":
            self._take(metadata["name"], None if kind == "DELETED" else trim(thing))

    def _take(self, name: str, pod: Pod | None) -> None:
        """Keep a pod as it is now, None for one that is gone, and tell of it if it is new."""
        is_new = self.pods.drop(name) if pod is None else self.pods.put(name, pod)
        if not is_new:
            return
        self.nudge(name)
        for listener in self._listeners:
            listener(name, pod)


async def _lines_of(content: Any) -> AsyncGenerator[list[bytes], None]:
    """Yield the lines of a stream, those that came together; one may be of any length."""
    rest = b""
    while True:
        async with asyncio.timeout(WATCH_SECONDS + _SILENCE_SECONDS):
            piece = await content.readany()
        if not piece:
            return
        *lines, rest = (rest + piece).split(b"\n")
        if whole := [line for line in lines if line.strip()]:
            yield whole


def _wake_from(size: int, answer: Stream) -> None:
    """Have the system call on us for an answer once so many bytes of it are there."""
    transport = answer.connection.transport if answer.connection is not None else None
    if transport is not None:
        connected = transport.get_extra_info("socket")
        with suppress(OSError):  # closed meanwhile: the next look at it tells
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, size)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the garbage collector still while many objects are made that are gone at once.

    They would have it walk through all that the hub holds: a tenth of a second or more.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _name_of(error: Exception) -> str:
    status = getattr(error, "status", None)
    return f"{type(error).__name__}{f' {status}' if status else ''}"

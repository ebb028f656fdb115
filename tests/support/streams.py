"""A reader of server-sent events: collects what comes, in a thread of its own."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx

from .waiting import wait_for


@dataclass(frozen=True)
class Event:
    """One event of a stream; `at` is on the monotonic clock. A comment has the kind `comment`."""

    kind: str
    data: Any
    id: str | None
    at: float


class EventStream:
    """Reads a stream for the time of a `with` block. `is_over` tells that the service ended it."""

    def __init__(self, address: str, token: str, last_event_id: str | None = None) -> None:
        self.events: list[Event] = []
        self.is_over = False
        self._address = address
        self._headers = {"Authorization": f"token {token}"}
        if last_event_id is not None:
            self._headers["Last-Event-ID"] = last_event_id
        self._client = httpx.Client(timeout=httpx.Timeout(30, read=60))
        self._thread = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> Self:
        self._context = self._client.stream("GET", self._address, headers=self._headers)
        self.answer = self._context.__enter__()
        assert self.answer.status_code == 200, self.answer.read()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Shutting the socket down ends the reader's wait, as a browser's `close()` does.
        with contextlib.suppress(OSError):
            self.answer.extensions["network_stream"].get_extra_info("socket").shutdown(
                socket.SHUT_RDWR
            )
        self._thread.join(5)
        self._client.close()

    def of_kind(self, kind: str) -> list[Event]:
        """Return the events of a kind that have come."""
        return [event for event in list(self.events) if event.kind == kind]

    def wait(
        self,
        kind: str,
        fits: Callable[[Any], bool] = lambda _data: True,
        *,
        seconds: float = 30,
    ) -> Event:
        """Return the first event of a kind that fits, when it has come."""
        found = wait_for(
            lambda: [one for one in self.of_kind(kind) if fits(one.data)],
            seconds=seconds,
            what=f"an event ‘{kind}’",
        )
        return found[0]

    def _read(self) -> None:
        try:
            for event in self._parse():
                self.events.append(event)
        except (httpx.HTTPError, httpx.StreamError, OSError, ValueError):
            return
        self.is_over = True

    def _parse(self) -> Iterator[Event]:
        kind, data, event_id = "message", "", None
        for line in self.answer.iter_lines():
            if line.startswith(":"):
                yield Event("comment", line[1:].strip(), None, time.monotonic())
            elif line.startswith("event: "):
                kind = line.removeprefix("event: ")
            elif line.startswith("data: "):
                data = line.removeprefix("data: ")
            elif line.startswith("id: "):
                event_id = line.removeprefix("id: ")
            elif not line and data:
                yield Event(kind, json.loads(data), event_id, time.monotonic())
                kind, data, event_id = "message", "", None


@contextmanager
def quiet_stream(address: str, token: str) -> Iterator[EventStream]:
    """Give a stream that has said hello."""
    with EventStream(address, token) as stream:
        stream.wait("hello")
        yield stream

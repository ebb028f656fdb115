"""The fan-out: who listens, and which sessions changed for whom."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

MOST_WAITING: Final = 2000


@dataclass(eq=False)
class Stream:
    """One listener. Holds ids and revisions only; what is sent is read when it is sent.

    `owner` None listens to everybody's sessions; `session_id` to one session's details.
    `others` are owners whose sessions it follows beside. `seen` is session → owner of what was
    sent, where rights over others can be lost while it is open.
    """

    visitor: str
    owner: str | None
    session_id: str | None = None
    others: frozenset[str] = frozenset()
    seen: dict[str, str] = field(default_factory=dict)
    waiting: dict[tuple[str, str], int] = field(default_factory=dict)
    details: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    is_overrun: bool = False

    def put(self, kind: str, subject: str, revision: int) -> None:
        """Note a change; a later change of the same thing replaces an earlier one."""
        # What changed last is sent last: a stream's last event id covers what came before it.
        self.waiting.pop((kind, subject), None)
        if len(self.waiting) >= MOST_WAITING:
            self.waiting.clear()
            self.is_overrun = True
        self.waiting[kind, subject] = revision
        self.woken.set()

    def put_detail(self, kind: str, detail: Mapping[str, Any]) -> None:
        """Note a detail of the one session that is listened to."""
        if len(self.details) < MOST_WAITING:
            self.details.append((kind, detail))
            self.woken.set()

    async def next(self, seconds: float) -> bool:
        """Wait until something is there, at most `seconds`; tell whether something is."""
        try:
            async with asyncio.timeout(seconds):
                await self.woken.wait()
        except TimeoutError:
            return False
        self.woken.clear()
        return True


class Fanout:
    """All streams, by whose sessions they follow: a change costs what its listeners cost.

    `told` is the revision up to which every change has been put to its streams; `changes` is how
    many were counted.
    """

    def __init__(self) -> None:
        self.told = 0
        self.changes = 0
        self._changes_of: Counter[str] = Counter()
        self._of_owner: dict[str, set[Stream]] = {}
        self._of_all: set[Stream] = set()
        self._of_session: dict[str, set[Stream]] = {}

    def add(self, stream: Stream) -> None:
        """Begin to feed a stream."""
        for place in self._places(stream):
            place.add(stream)

    def remove(self, stream: Stream) -> None:
        """Stop feeding a stream."""
        for place in self._places(stream):
            place.discard(stream)
        if stream.session_id is not None and not self._of_session[stream.session_id]:
            del self._of_session[stream.session_id]
        for owner in self._owners_of(stream):
            if not self._of_owner.get(owner, True):
                del self._of_owner[owner]

    def follow(self, stream: Stream, others: frozenset[str]) -> None:
        """Let a stream follow these owners' sessions beside, and no others any more."""
        self.remove(stream)
        stream.others = others
        self.add(stream)

    def session_changed(self, owner: str, session_id: str, revision: int) -> None:
        """Tell everybody who follows this session."""
        for stream in self._listeners(owner):
            stream.put("session", session_id, revision)
        for stream in self._of_session.get(session_id, ()):
            stream.put("session", session_id, revision)

    def count_change(self, owner: str) -> None:
        """Count a change of an owner's sessions, at once: its streams are told when it was read."""
        self.changes += 1
        self._changes_of[owner] += 1

    def changes_of(self, owner: str) -> int:
        """Return how many changes of an owner's sessions were counted."""
        return self._changes_of[owner]

    def detail(self, session_id: str, kind: str, detail: Mapping[str, Any]) -> None:
        """Tell those who follow this one session."""
        for stream in self._of_session.get(session_id, ()):
            stream.put_detail(kind, detail)

    def owner_changed(self, owner: str, kind: str) -> None:
        """Tell an owner's streams that their limits or drives changed."""
        for stream in self._listeners(owner):
            if stream.visitor == owner:
                stream.put(kind, owner, 0)

    def notice(self, owner: str, session_id: str) -> None:
        """Tell a session's owner alone that there is a notice about it."""
        for stream in self._listeners(owner):
            if stream.visitor == owner:
                stream.put("notice", session_id, 0)

    def __len__(self) -> int:
        kept: Iterable[set[Stream]] = (*self._of_owner.values(), *self._of_session.values())
        return len(self._of_all.union(*kept))

    def _listeners(self, owner: str) -> Iterable[Stream]:
        return (*self._of_owner.get(owner, ()), *self._of_all)

    def _places(self, stream: Stream) -> list[set[Stream]]:
        if stream.session_id is not None:
            return [self._of_session.setdefault(stream.session_id, set())]
        if stream.owner is None:
            return [self._of_all]
        return [self._of_owner.setdefault(one, set()) for one in self._owners_of(stream)]

    def _owners_of(self, stream: Stream) -> frozenset[str]:
        if stream.session_id is not None or stream.owner is None:
            return frozenset()
        return stream.others | {stream.owner}

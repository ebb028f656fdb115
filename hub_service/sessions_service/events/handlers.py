"""The addresses of events: server-sent, of everything the visitor may see, or of one session."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Annotated, Any, Final

from pydantic import Field
from tornado.iostream import StreamClosedError

from sessions_spawner.wire.channel import LinkDown

from .. import failpoints
from ..identity.may import Action
from ..lifecycle.table import ENDED, PENDING
from ..logs.reading import kept_lines, question_of
from ..sessions import store
from ..sessions.memory_kills import find_notice
from ..sessions.models import Session
from ..sessions.schemas import Query
from ..web.errors import ApiError, NotThere
from ..web.handler import ApiHandler
from ..web.operation import operation
from ..web.routes import Route
from .fanout import Stream

# A proxy keeps the line of a service that died: pages notice by the silence.
HEARTBEAT_SECONDS: Final = 5.0
# The hub is asked when its last answer is 10 s old, and not more often: looking costs nothing,
# and a revoked token is out within 11 s.
IDENTITY_SECONDS: Final = 1.0
# While a start is watched, what it prints is looked at so often, so many lines.
_LINES_SECONDS: Final = 2.0
_LAST_LINES: Final = 40
# An event and no comment: only so the page's script hears it, and knows a dead line by its absence.
_HEARTBEAT: Final = b"event: beat\ndata: {}\n\n"


class EventsQuery(Query):
    """`after` is where a page's first list stands: what changed since then is sent first."""

    after: Annotated[str, Field(max_length=256)] = ""


class StreamHandler(ApiHandler):
    """What both streams share: frames, heartbeats, and who still may listen.

    A reader that takes nothing for `write_seconds` is dropped.
    """

    write_seconds = 10.0

    def begin(self) -> None:
        """Send the headers of a stream."""
        self.set_header("Content-Type", "text/event-stream")
        self.set_header("Cache-Control", "no-cache")
        self.set_header("X-Accel-Buffering", "no")

    async def send(self, kind: str, data: Any, event_id: str | None = None) -> None:
        """Send one event, waiting for the reader."""
        head = f"id: {event_id}\n" if event_id else ""
        body = json.dumps(data, separators=(",", ":"))
        await self.send_raw(f"{head}event: {kind}\ndata: {body}\n\n".encode())

    async def send_raw(self, frame: bytes) -> None:
        """Send bytes. Raises `StreamClosedError` when the reader is gone or takes nothing."""
        self.write(frame)
        try:
            async with asyncio.timeout(self.write_seconds):
                await self.flush()
        except TimeoutError:
            self.request.connection.close()  # type: ignore[union-attr]
            raise StreamClosedError from None

    async def still_there(self, stream: Stream) -> bool:
        """Ask again who the visitor is; tell whether he may go on listening.

        Other members of his groups change whom he follows; other scopes end the stream.
        """
        before = self.visitor
        try:
            self.visitor = await self.service.login.identify(self)
        except ApiError:
            return False
        if self.visitor == before:
            return True
        if replace(self.visitor, members=()) != replace(before, members=()):
            return False
        return await self.take_members(stream)

    async def take_members(self, stream: Stream) -> bool:
        """Go on with the groups' members as they are now; tell whether anything is left to see."""
        raise NotImplementedError

    async def feed(self, stream: Stream) -> None:
        """Send what comes until the reader goes, or may no longer listen."""
        checked = beat = time.monotonic()
        while True:
            due = min(checked + IDENTITY_SECONDS, beat + HEARTBEAT_SECONDS)
            came = await stream.next(max(due - time.monotonic(), 0))
            now = time.monotonic()
            if now - checked >= IDENTITY_SECONDS:
                if not await self.still_there(stream):
                    await self.send("signed-out", {})
                    return
                checked = now
            if came:
                await self.send_waiting(stream)
                beat = now
            elif now - beat >= HEARTBEAT_SECONDS:
                await self.send_raw(_HEARTBEAT)
                beat = now

    async def send_waiting(self, stream: Stream) -> None:
        """Send what waits in the stream."""
        raise NotImplementedError

    async def greet(self, stream: Stream) -> None:
        """Send what comes first; what changes meanwhile waits in the stream."""
        raise NotImplementedError

    async def run(self, stream: Stream) -> None:
        """Greet, feed the stream, and take it out when the reader is gone."""
        if self.request.method == "HEAD":
            return
        service = self.service
        service.fanout.add(stream)
        service.metrics.streams.set(len(service.fanout))
        try:
            await self.greet(stream)
            await self.feed(stream)
        except StreamClosedError:
            return
        finally:
            service.fanout.remove(stream)
            service.metrics.streams.set(len(service.fanout))


class AllEvents(StreamHandler):
    """Changes of every session that the visitor may see."""

    _after: str

    @operation(
        "Follow all sessions",
        Action.LIST,
        query=EventsQuery,
        media_type="text/event-stream",
        headers={"Last-Event-ID": "The id of the last event that came: what was missed is sent."},
    )
    async def get(self, query: EventsQuery) -> None:
        """Send `hello`, what was missed since `Last-Event-ID`, then changes as they come."""
        self.begin()
        self._after = self.request.headers.get("Last-Event-ID", query.after)
        reach = self.visitor.reach("read:servers")
        name = self.visitor.name
        owner = None if reach.everybody else name
        await self.run(Stream(visitor=name, owner=owner, others=self._others()))

    def _others(self) -> frozenset[str]:
        """Return whose sessions the visitor follows beside his own, if not everybody's."""
        reach = self.visitor.reach("read:servers")
        return frozenset() if reach.everybody else reach.names - {self.visitor.name}

    async def take_members(self, stream: Stream) -> bool:
        """Follow whom the visitor may see now; the page reads its lists anew."""
        others = self._others()
        for session_id, owner in list(stream.seen.items()):
            if owner not in others:
                del stream.seen[session_id]
                await self.send("removed", {"id": session_id})
        self.service.fanout.follow(stream, others)
        await self.send("reset", {})
        return True

    async def greet(self, stream: Stream) -> None:
        """Send `hello` and what was missed."""
        service = self.service
        newest = service.db.revision
        last = self._after
        await self.send("hello", {"build": service.build}, self._seal(newest) if not last else None)
        if not last:
            return
        seen = service.event_ids.open(self.visitor.name, last)
        missed: list[Session] | None = None
        if seen is not None:
            owners = None if stream.owner is None else stream.others | {stream.owner}
            missed = await service.db.read(store.changed_since, seen, owners)
        if missed is None:
            await self.send("reset", {}, self._seal(newest))
            return
        for session in missed:
            if await self.service.may(self.visitor, Action.READ, session):
                await self._send_session(stream, session, self._seal(session.revision))

    async def send_waiting(self, stream: Stream) -> None:
        """Send each changed session as it is now, once.

        Only the last event has an id: whoever loses the stream before it gets all of them again.
        """
        if stream.is_overrun:
            stream.is_overrun = False
            await self.send("reset", {})
        told = self._seal(self.service.fanout.told)
        waiting, stream.waiting = list(stream.waiting), {}
        subjects = {subject for kind, subject in waiting if kind in ("session", "notice")}
        sessions = await self._read(subjects)
        for kind, subject in waiting:
            event_id = told if (kind, subject) == waiting[-1] else None
            failpoints.hit("sse.mid_batch")
            if kind == "notice":
                await self._send_notice(sessions.get(subject), event_id)
                continue
            if kind != "session":
                await self.send(kind, {}, event_id)
                continue
            session = sessions.get(subject)
            if session is not None and await self.service.may(self.visitor, Action.READ, session):
                await self._send_session(stream, session, event_id)
            elif stream.seen.pop(subject, None):
                await self.send("removed", {"id": subject}, event_id)

    async def _read(self, ids: AbstractSet[str]) -> dict[str, Session]:
        """Return sessions by their ids, in one read; what changes later waits in the stream."""
        found = await self.service.db.read(store.get_many, ids) if ids else []
        return {session.id: session for session in found}

    async def _send_session(self, stream: Stream, session: Session, event_id: str | None) -> None:
        if session.owner in stream.others:
            stream.seen[session.id] = session.owner
        await self.send("session", self.service.present(session, self.visitor), event_id)

    async def _send_notice(self, session: Session | None, event_id: str | None) -> None:
        """Send what a session's story says happened inside it, if the visitor may see it."""
        if session is None or not await self.service.may(self.visitor, Action.READ_STORY, session):
            return
        notice = await self.service.db.read(find_notice, session)
        if notice is not None:
            await self.send("notice", notice, event_id)

    def _seal(self, revision: int) -> str:
        return self.service.event_ids.seal(self.visitor.name, revision)


class SessionEvents(StreamHandler):
    """One session: its stages, its state, its end."""

    _session: Session

    @operation("Follow one session", Action.READ, media_type="text/event-stream")
    async def get(self, session_id: str) -> None:
        """Send what was first, then what comes."""
        self._session = session = await self._find(session_id)
        self.begin()
        await self.run(
            Stream(visitor=self.visitor.name, owner=session.owner, session_id=session_id)
        )

    async def _find(self, session_id: str) -> Session:
        session = await self.service.db.read(store.get, session_id)
        if session is None or not await self.service.may(self.visitor, Action.READ, session):
            raise NotThere("There is no such session, or it is not yours to see.")
        return session

    async def take_members(self, stream: Stream) -> bool:
        """Go on if the session is still the visitor's to see."""
        try:
            await self._find(str(stream.session_id))
        except NotThere:
            await self.send("removed", {"id": stream.session_id})
            return False
        return True

    async def greet(self, stream: Stream) -> None:
        """Send the stages and the state so far."""
        self._session = session = await self._find(self.path_args[0])
        stream.details.clear()  # they are among the stages
        await self._send_start(session)
        await self._send_state(session)

    async def _send_start(self, session: Session) -> None:
        """Send how far the last start came, and what was seen of it."""
        for stage in self.service.starts.stages_of(session):
            await self.send("stage", stage)
        for kind, seen in self.service.starts.seen_of(session):
            await self.send(kind, seen)

    async def feed(self, stream: Stream) -> None:
        """Send what comes, to the owner what a start prints among it."""
        looking = asyncio.create_task(self._follow_lines(stream))
        try:
            await super().feed(stream)
        finally:
            looking.cancel()

    async def _follow_lines(self, stream: Stream) -> None:
        """Put the last lines of a start to the stream as long as it is under way."""
        before: tuple[str, ...] = ()
        is_own = stream.owner == self.visitor.name and not self.visitor.is_service
        # Each change of the session comes by the stream: nothing has to be read for it here.
        while is_own and self._session.state in PENDING:
            with contextlib.suppress(LinkDown, ApiError):
                question = question_of(self._session, tail=_LAST_LINES)
                found = await self.service.logs.read(self._session, question)
                if found is not None and found.lines != before:
                    before = found.lines
                    stream.put_detail("lines", {"lines": list(before)})
            await asyncio.sleep(_LINES_SECONDS)

    async def _send_state(self, session: Session) -> None:
        body = self.service.present(session, self.visitor)
        if body["progress"] is not None:
            await self.send("progress", body["progress"])
        await self.send("access", body["access"])
        await self.send("session", body)
        await self._send_kept_lines(session)
        if session.state in ENDED and body["explanation"] is not None:
            await self.send("end", {"explanation": body["explanation"]})

    async def _send_kept_lines(self, session: Session) -> None:
        """Send what is kept of a log, to whoever may read logs; the story tells of it."""
        lines = kept_lines(session, _LAST_LINES)
        if lines and await self.service.may(self.visitor, Action.READ_LOGS, session):
            await self.service.logs.note_look(session, self.visitor)
            await self.send("lines", {"lines": lines})

    async def send_waiting(self, stream: Stream) -> None:
        """Send details in their order, then the session as it is now."""
        details, stream.details = stream.details, []
        for kind, detail in details:
            await self.send(kind, detail)
        waiting, stream.waiting = stream.waiting, {}
        if waiting:
            self._session = await self._find(self.path_args[0])
            if self._session.state in ENDED:
                # The report of an end may come after it, with what was seen until then.
                await self._send_start(self._session)
            await self._send_state(self._session)


ROUTES = [
    Route("api/v1/events", AllEvents),
    Route("api/v1/sessions/{id}/events", SessionEvents),
]

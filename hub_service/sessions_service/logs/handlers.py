"""The address of a session's log: as JSON, as a file, or as a stream of lines as they come."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Sequence
from typing import Any, Final

from tornado.iostream import StreamClosedError

from sessions_spawner.wire.channel import LinkDown
from sessions_spawner.wire.messages import LogLines, LogQuestion

from ..events.fanout import Stream
from ..events.handlers import StreamHandler
from ..identity.may import Action
from ..lifecycle.table import ENDED
from ..sessions.handlers import SessionHandler
from ..sessions.models import Session
from ..web.errors import ApiError, NotThere, wrong_fields
from ..web.operation import operation
from ..web.routes import Route
from .reading import MOST_KEPT, kept_lines, question_of, rest_of
from .schemas import LogOut, LogsQuery

_POLL_SECONDS: Final = 1.0


class SessionLog(SessionHandler, StreamHandler):
    """What a session prints."""

    _question: LogQuestion
    _session: Session
    _is_begun = False
    _is_gone = False
    _stream: Stream | None = None
    _shown: Sequence[str] = ()
    _latest = LogLines()

    @operation("Read a session's log", Action.READ_LOGS, query=LogsQuery, answer=LogOut)
    async def get(self, session_id: str, query: LogsQuery) -> None:
        """Answer the last lines; with `follow` events of them, with `download` a text file."""
        self._session = session = await self.find(session_id, Action.READ_LOGS)
        self._question = question_of(session, tail=query.tail, container=query.container)
        if query.follows:
            await self._follow()
            return
        found = await self.service.logs.read(session, self._question)
        await self.service.logs.note_look(session, self.visitor)
        shown = self._show(found, query)
        if query.downloads:
            self._send_file(shown["lines"])
        else:
            self.answer(shown)

    def _show(self, found: LogLines | None, query: LogsQuery) -> dict[str, Any]:
        if found is not None:
            told = found.model_dump(mode="json", include={"container", "containers", "lines"})
            return {**told, "is_kept": False}
        if query.container:
            raise wrong_fields({"container": "Only the session's last lines are kept."})
        lines = kept_lines(self._session, query.tail)
        is_kept = self._session.state in ENDED
        return {"container": None, "containers": [], "lines": lines, "is_kept": is_kept}

    def _send_file(self, lines: list[str]) -> None:
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", self._session.name).strip("-.") or "session"
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.set_header(
            "Content-Disposition", f'attachment; filename="{name}-{self._session.id}.log"'
        )
        self.finish("".join(f"{line}\n" for line in lines))

    # The stream

    async def _follow(self) -> None:
        session, logs = self._session, self.service.logs
        with logs.following(self.visitor):
            if session.state in ENDED:
                raise NotThere("The session is over: there is nothing to follow.", code="ended")
            self._question = self._question.model_copy(update={"follows": True})
            # There is none where it has not begun yet, and where it is just ending.
            first = await logs.read(session, self._question) or LogLines()
            await logs.note_look(session, self.visitor)
            self.begin()
            self._stream = stream = Stream(self.visitor.name, session.owner, session_id=session.id)
            self._take(stream, first)
            await self.run(stream)

    def on_connection_close(self) -> None:
        """Take no longer for a reader who has gone: only so many are there at a time."""
        super().on_connection_close()
        self._is_gone = True
        if self._stream is not None:
            self._stream.woken.set()

    async def greet(self, stream: Stream) -> None:
        """Send the last lines there are; the end, if it came before the stream was fed."""
        await self.send_waiting(stream)
        await self._look_for_end()

    async def feed(self, stream: Stream) -> None:
        """Send lines until the reader goes, or may no longer read them."""
        asking = asyncio.create_task(self._ask_again(stream))
        try:
            await super().feed(stream)
        finally:
            asking.cancel()

    async def _ask_again(self, stream: Stream) -> None:
        while True:
            await asyncio.sleep(_POLL_SECONDS)
            # A reader who is slow gets what is there when he has taken what was.
            if not any(kind == "lines" for kind, _ in stream.details):
                with contextlib.suppress(LinkDown, ApiError):
                    found = await self.service.logs.read(self._session, self._question)
                    if found is not None:
                        self._take(stream, found)

    def _take(self, stream: Stream, found: LogLines) -> None:
        self._question = self._question.model_copy(update={"cursor": found.cursor})
        self._shown = [*self._shown, *found.lines][-MOST_KEPT:]
        self._latest = found
        if found.lines or not self._is_begun:
            self._is_begun = True
            told = found.model_dump(mode="json", exclude={"cursor"})
            stream.put_detail("lines", told)

    async def send_waiting(self, stream: Stream) -> None:
        """Send lines; once the session is over, the end."""
        if self._is_gone:
            raise StreamClosedError
        details, stream.details = stream.details, []
        is_changed, stream.waiting = bool(stream.waiting), {}
        for kind, detail in details:
            if kind == "lines":
                await self.send(kind, detail)
        if is_changed:
            await self._look_for_end()

    async def _look_for_end(self) -> None:
        """Send the end if the session has come to it, after what it printed in its last moment."""
        session = await self.find(self._session.id, Action.READ_LOGS)
        before, self._session = self._session, session
        if session.state not in ENDED or before.state in ENDED:
            return
        rest = rest_of(self._shown, kept_lines(session, MOST_KEPT))
        # What is kept is the main program's.
        if rest.lines and not (rest.skipped and self._question.container):
            told = self._latest.model_copy(update={"lines": rest.lines, "skipped": rest.skipped})
            await self.send("lines", told.model_dump(mode="json", exclude={"cursor"}))
        await self.send("end", {})

    async def take_members(self, stream: Stream) -> bool:
        """Go on if the log is still the visitor's to read."""
        try:
            await self.find(str(stream.session_id), Action.READ_LOGS)
        except ApiError:
            return False
        return True


ROUTES = [Route("api/v1/sessions/{id}/logs", SessionLog)]

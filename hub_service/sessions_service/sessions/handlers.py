"""The addresses of sessions."""

from __future__ import annotations

from typing import Any

from ..idempotency.store import Key
from ..identity.may import Action, is_hidden
from ..lifecycle.actors import actor_of, kind_of
from ..lifecycle.chronicle import Line, read_story
from ..lifecycle.moments import to_iso
from ..lifecycle.story import say_line, times_of
from ..lifecycle.table import LIVE
from ..web.errors import Conflict, MayNot, NotThere
from ..web.handler import ApiHandler
from ..web.once import KEY_HEADER, once
from ..web.operation import operation
from ..web.routes import Route
from . import actions, store
from .lists import list_for, person_of, tag_for
from .models import Session
from .schemas import (
    ActivityBody,
    ActivityOut,
    Chronicle,
    CloneOut,
    EmptyBody,
    ExtendBody,
    LaunchBody,
    ListQuery,
    PatchBody,
    SessionOut,
    SessionPage,
    StopBody,
)

# What can be asked of a session whose record cannot be read.
_LOOKS = (Action.READ, Action.READ_STORY, Action.CLONE)


class SessionHandler(ApiHandler):
    """What the addresses of one session share."""

    async def find(self, session_id: str, action: Action) -> Session:
        """Return the session. Raises `NotThere` if the visitor may not see it, else `MayNot`."""
        session = await self.service.db.read(store.look_up, session_id)
        is_seen = session is not None and await self.service.may(self.visitor, Action.READ, session)
        if session is None or not is_seen or is_hidden(self.visitor, action):
            raise NotThere("There is no such session, or it is not yours to see.")
        if not await self.service.may(self.visitor, action, session):
            raise MayNot("You may not do this to this session.")
        if session.damage and action not in _LOOKS:
            raise Conflict(session.damage, code="state")
        return session

    def show(self, session: Session) -> dict[str, Any]:
        """Return the session's JSON for the visitor."""
        return self.service.present(session, self.visitor)

    async def show_made(self, session_id: str) -> dict[str, Any]:
        """Return the JSON of a session by its id. Raises `NotThere`."""
        return self.show(await self.find(session_id, Action.READ))


class SessionsHandler(SessionHandler):
    """All sessions that the visitor may see."""

    @operation(
        "List sessions",
        Action.LIST,
        query=ListQuery,
        answer=SessionPage,
        headers={"If-None-Match": "The `ETag` of an earlier answer: 304 if it is still the same."},
    )
    async def get(self, query: ListQuery) -> None:
        """Answer a page of sessions; 304 when the visitor has it already."""
        asked = (self.service, self.visitor, await person_of(self.service, self.visitor), query)
        await self.answer_tagged(tag_for(*asked), lambda: list_for(*asked))

    @operation(
        "Start a session",
        Action.CREATE,
        body=LaunchBody,
        answer=SessionOut,
        status=201,
        headers=KEY_HEADER,
    )
    async def post(self, body: LaunchBody) -> None:
        """Accept a launch request: the session is stored and starting."""

        async def make(key: Key | None) -> tuple[int, Any]:
            request = body.to_request()
            parent = await self._parent_of(request.cloned_from)
            session = await actions.create(
                self.service,
                self.visitor.name,
                request.model_copy(update={"cloned_from": parent}),
                origin="clone" if parent else "new",
                parent=parent,
                key=key,
                scopes=self.visitor.scopes,
            )
            return 201, self.show(session)

        await once(self, make, self.show_made)

    async def _parent_of(self, session_id: str | None) -> str | None:
        """Return where a clone comes from; what the visitor may not see counts as missing."""
        if session_id is None:
            return None
        try:
            return (await self.find(session_id, Action.READ)).id
        except NotThere:
            return None


class OneSession(SessionHandler):
    """One session."""

    @operation("Read a session", Action.READ, answer=SessionOut)
    async def get(self, session_id: str) -> dict[str, Any]:
        """Answer one session, with everything that its idle clock counts."""
        session = await self.find(session_id, Action.READ)
        shown = self.show(session)
        clock = self.service.clock.state_of(session)
        shown["idle"] |= {"counted": clock.counted(), "reported_at": to_iso(clock.reported_at)}
        return shown

    @operation("Change a session", Action.EDIT, body=PatchBody, answer=SessionOut)
    async def patch(self, session_id: str, body: PatchBody) -> dict[str, Any]:
        """Change the name or the idle timeout."""
        session = await self.find(session_id, Action.EDIT)
        return self.show(await actions.patch(self.service, session, body, self.visitor))


class StopSession(SessionHandler):
    """Stop one session."""

    @operation(
        "Stop a session",
        Action.STOP,
        body=StopBody,
        body_is_optional=True,
        answer=SessionOut,
        status=202,
        also=(200,),
    )
    async def post(self, session_id: str, body: StopBody) -> None:
        """Stop in any live state: 202; of an ended one nothing changes: 200."""
        session = await self.find(session_id, Action.STOP)
        status = 202 if session.state in LIVE else 200
        if session.state in LIVE:
            session = await actions.stop(self.service, session, self.visitor, body.reason)
        self.answer(self.show(session), status)


class RestartSession(SessionHandler):
    """Start an ended session again."""

    @operation(
        "Start a session again",
        Action.RESTART,
        body=EmptyBody,
        body_is_optional=True,
        answer=SessionOut,
        status=201,
        headers=KEY_HEADER,
    )
    async def post(self, session_id: str, _body: EmptyBody) -> None:
        """Make a new session of the same request."""
        session = await self.find(session_id, Action.RESTART)

        async def make(key: Key | None) -> tuple[int, Any]:
            made = await actions.restart(self.service, session, self.visitor, key=key)
            return 201, self.show(made)

        await once(self, make, self.show_made)


class ExtendSession(SessionHandler):
    """Keep a session running."""

    @operation("Keep a session running", Action.EXTEND, body=ExtendBody, answer=SessionOut)
    async def post(self, session_id: str, body: ExtendBody) -> dict[str, Any]:
        """Move the moment before which the idle clock does not end it."""
        session = await self.find(session_id, Action.EXTEND)
        return self.show(await actions.extend(self.service, session, body, self.visitor))


class CloneSession(SessionHandler):
    """A launch request from a session."""

    @operation("Fill a launch request from a session", Action.CLONE, answer=CloneOut)
    async def get(self, session_id: str) -> dict[str, Any]:
        """Answer a filled request and what had to differ; nothing is started."""
        session = await self.find(session_id, Action.CLONE)
        return await actions.make_clone(self.service, session, self.visitor)


class SessionChronicle(SessionHandler):
    """A session's story."""

    @operation("Read a session's story", Action.READ_STORY, answer=Chronicle)
    async def get(self, session_id: str) -> dict[str, Any]:
        """Answer the chronicle, oldest line first."""
        session = await self.find(session_id, Action.READ_STORY)
        lines = await self.service.db.read(read_story, session.id)
        return {"items": [self._show(line) for line in lines]}

    def _show(self, line: Line) -> dict[str, Any]:
        viewer = actor_of(self.visitor.name, is_service=self.visitor.is_service)
        return {
            "n": line.n,
            "at": to_iso(line.at),
            "actor": line.actor,
            "actor_kind": kind_of(line.actor),
            "on_behalf_of": line.on_behalf_of,
            "event": line.event,
            "sentence": say_line(line, viewer),
            "times": times_of(line),
            "data": line.data,
        }


class SessionActivity(ApiHandler):
    """A session's own report of its use."""

    session_id: str

    async def identify(self) -> None:
        """Take a live session's own token, and no other caller."""
        self.session_id = self.service.login.session_behind(self)

    def require(self, action: Action) -> None:  # noqa: ARG002 (one action alone comes here)
        """Nothing more is needed than the token of this session's live run."""
        if self.path_args[0] != self.session_id:
            raise MayNot("A session's token reports its own activity, no other session's.")

    @operation(
        "Report a session's own use", Action.REPORT_ACTIVITY, body=ActivityBody, answer=ActivityOut
    )
    async def put(self, session_id: str, body: ActivityBody) -> dict[str, Any]:
        """Take the report; answer the idle clock."""
        self.service.metrics.reported()
        lines = [line.model_dump() for line in body.used]
        idle = self.service.clock.report(session_id, lines)
        if body.doors is not None:
            self.service.doors.take(session_id, body.doors.model_dump())
        if body.usage is not None:
            self.service.usage.take(session_id, body.usage, self.service.now())
        if body.memory is not None:
            kills = self.service.memory_kills
            await kills.take(session_id, body.memory.kills, body.memory.kernels)
        return {"idle": idle.to_json()}


ROUTES = [
    Route("api/v1/sessions", SessionsHandler),
    Route("api/v1/sessions/{id}", OneSession),
    Route("api/v1/sessions/{id}/stop", StopSession),
    Route("api/v1/sessions/{id}/restart", RestartSession),
    Route("api/v1/sessions/{id}/extend", ExtendSession),
    Route("api/v1/sessions/{id}/clone", CloneSession),
    Route("api/v1/sessions/{id}/chronicle", SessionChronicle),
    Route("api/v1/sessions/{id}/activity", SessionActivity),
]

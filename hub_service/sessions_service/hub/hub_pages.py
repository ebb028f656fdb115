"""Answers for the hub's own pages: its spawn page, and what it says of a server's session."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sessions_spawner.request.ids import is_session_id
from sessions_spawner.request.quantities import say_quantity
from sessions_spawner.wire.channel import Body, Refused

from ..db.engine import Db
from ..drives import room
from ..drives import store as drives
from ..drives.models import Drive
from ..drives.room import NoRoom
from ..lifecycle.explain import explain
from ..lifecycle.table import ENDED
from ..sessions import store
from ..sessions.models import Session

if TYPE_CHECKING:
    from ..web.application import Service


class Offer:
    """Answers `offer` of the link: what the hub's spawn page says of an owner."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, body: Body) -> Body:
        """Answer the owner's drives by name, with what is said of them, and of his limit."""
        service = self._service
        key = str(body["owner_key"])
        listed = await service.db.read(drives.listed, key)
        used = await service.db.read(store.running_count, key)
        return {
            "drives": list(dict.fromkeys(["default", *(drive.name for drive in listed)])),
            "notes": {drive.name: note for drive in listed if (note := _note_of(drive))},
            "room": say_room(used, service.link.snapshot.running_limit),
        }


def _note_of(drive: Drive) -> str:
    size = say_quantity(drive.size or "")
    names = ", ".join(one.session_name for one in drive.mounted_by)
    return " · ".join(filter(None, (size, names and f"in use by {names}")))


def say_room(used: int, limit: int) -> str:
    """Return what the limit leaves, before another session is started."""
    if used >= limit:
        return f"You have {used} of {limit} sessions running. Stop one first."
    return f"This would be session {used + 1} of {limit}."


class MakeDrive:
    """Answers `make_drive` of the link: a new drive, typed on the hub's spawn page."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, body: Body) -> Body:
        """Have a drive of this name, made now if the owner has none. Raises `Refused`."""
        service = self._service
        key, owner, name = (str(body[one]) for one in ("owner_key", "owner", "name"))
        if await service.db.read(drives.find, key, name) is not None:
            return {}
        snapshot = service.link.snapshot
        try:
            make = partial(room.create, at=service.now(), limit=snapshot.drive_limit)
            await service.db.write(make, snapshot.drive_terms, key, owner, name)
        except (drives.WrongName, drives.TooManyDrives, NoRoom) as error:
            raise Refused("drive", str(error)) from None
        except drives.NameTaken:
            return {}  # by another request, just now
        service.fanout.owner_changed(owner, "drive")
        return {}


class LastSession:
    """Answers `last` of the link: which session a server is or was, and why it ended."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, body: Body) -> Body:
        """Answer `{id, sentence}`; the sentence is empty for a session that goes on."""
        service = self._service
        key, server, named, viewer = (
            str(body.get(one, "")) for one in ("owner_key", "server", "id", "viewer")
        )
        session = await service.db.read(find_of_server, key, named or server)
        if session is None:
            return {"id": "", "sentence": ""}
        return {"id": session.id, "sentence": say_end(session, viewer)}


def find_of_server(db: Db, owner_key: str, server: str) -> Session | None:
    """Return the newest session of an owner's server, which may bear the session's own id."""
    found = store.get(db, server) if is_session_id(server) else None
    found = found or store.newest_on(db, owner_key, server)
    return found if found is not None and found.owner_key == owner_key else None


def say_end(session: Session, viewer: str) -> str:
    """Return why a session ended, in a sentence; empty if it has not."""
    if session.cause is None or session.state not in ENDED:
        return ""
    explanation: dict[str, Any] = explain(
        session.cause,
        viewer=viewer,
        ended_by=session.ender,
        evidence=session.evidence,
        idle_timeout=session.idle_timeout,
        max_lifetime=session.max_lifetime,
        started_at=session.started_at,
        ended_at=session.ended_at,
    )
    return str(explanation["sentence"])

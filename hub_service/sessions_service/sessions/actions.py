"""What people do with sessions: start, restart, clone, change, extend, stop."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sessions_spawner.durations import say_limit
from sessions_spawner.policy import check
from sessions_spawner.request import (
    LaunchRequest,
    RequestError,
    digest_of,
    lift_stored,
    parse_request,
    to_stored,
)
from sessions_spawner.request.fields import NAME_LENGTH, has_control_characters
from sessions_spawner.wire.messages import Owner

from .. import failpoints
from ..db.engine import Db
from ..db.seal import CannotOpen
from ..drives import store as drives
from ..drives.models import HeldByOne
from ..idempotency import store as keys
from ..idempotency.store import Key
from ..identity.visitor import Visitor
from ..lifecycle.actors import actor_of, is_same
from ..lifecycle.causes import Cause
from ..lifecycle.moments import life_end
from ..lifecycle.move import StaleVersion, edit
from ..lifecycle.table import COUNTED, ENDED
from ..web.errors import Conflict, MayNot, wrong_fields
from . import store
from .checks import (
    drives_named,
    email_of,
    gather_facts,
    missing_drives,
    require_allowed,
    require_drives,
)
from .drafting import draft, with_drives
from .leaving_out import MAPPINGS, left_out, make_change, retired
from .models import NewSession, Origin, Session
from .names import invent_name
from .pods import require_pod
from .sealed import VALUES_LOST, open_request, without_values
from .stale import stale

if TYPE_CHECKING:
    from ..web.application import Service
    from .schemas import ExtendBody, PatchBody

# What a clone of somebody else's session takes over; the rest is dropped and named.
_TAKEN_FROM_OTHERS = ("environment", "resources", "idle_timeout", "collaborative", "ports")


async def create(
    service: Service,
    owner_name: str,
    request: LaunchRequest,
    *,
    origin: Origin = "new",
    parent: str | None = None,
    actor: str | None = None,
    key: Key | None = None,
    scopes: Collection[str] | None = None,
) -> Session:
    """Check and store a launch request, and have it started. Raises `WrongFields`, `Conflict`.

    The idempotency `key` learns in the same transaction what was made. `scopes` are those of an
    owner who asks himself.
    """
    snapshot = service.link.snapshot
    facts = await gather_facts(service, owner_name, scopes)
    require_allowed(request, facts)
    await require_pod(service, owner_name, request)
    owner = await require_owner(service, owner_name)
    environment = facts.environments[request.environment]
    new = draft(
        request,
        owner,
        environment,
        lifetime_max=snapshot.lifetime_max,
        email=email_of(owner.name, snapshot.email_suffix),
        name=request.name or invent_name(),
        request=to_stored(request),
        request_digest=digest_of(request),
        origin=origin,
        parent=parent,
    )
    try:
        session = await service.db.write(
            insert_checked,
            new,
            request,
            at=service.now(),
            actor=actor or owner.name,
            limit=snapshot.running_limit,
            key=key,
        )
    except HeldByOne as held:
        service.metrics.created("in-use")
        raise Conflict(str(held), code="in-use") from None
    except store.LimitReached as reached:
        service.metrics.created("limit")
        raise Conflict(str(reached), code="limit") from None
    service.metrics.created("accepted")
    failpoints.hit("create.after_row")
    service.queue.put(session.id, session.owner)
    return session


def insert_checked(
    db: Db,
    new: NewSession,
    request: LaunchRequest,
    *,
    at: datetime,
    actor: str,
    limit: int,
    key: Key | None = None,
) -> Session:
    """Resolve the drives, insert the row and note it with the key, in one transaction."""
    named = drives_named(request)
    found = drives.resolve_or_default(db, new.owner_key, new.owner, named, at=at)
    require_drives(request, found)
    drives.require_free_of_others(db, {found[name].id: found[name] for name in named}.values())
    ids = {reference: drive.id for reference, drive in found.items()}
    session = store.insert(
        db,
        with_drives(new, request, ids, found[request.drive].name),
        at=at,
        actor=actor,
        limit=limit,
        on_behalf_of=None if is_same(actor, new.owner) else new.owner,
    )
    if key is not None:
        keys.note_made(db, key, session.id)
    return session


async def restart(
    service: Service, session: Session, visitor: Visitor, *, key: Key | None = None
) -> Session:
    """Start an ended session again with the same request, for its owner. Raises `Conflict`."""
    if session.state not in ENDED:
        raise Conflict("It is still there. Stop it first, or clone it.", code="state")
    owner = await require_owner(service, session.owner)
    if owner.key != session.owner_key:
        raise Conflict("Its owner was removed from the hub. Clone it instead.", code="state")
    request, lost = _open(service, session)
    scopes = _scopes_over(visitor, session.owner)
    changes = [*lost, *await differences(service, session.owner, request, scopes)]
    if changes:
        raise Conflict(
            "It cannot start as it was. Look at what has changed.",
            code="changed",
            more={"changes": changes},
        )
    renamed = request.model_copy(update={"name": _name_of(session)})
    return await create(
        service,
        session.owner,
        renamed,
        origin="restart",
        parent=session.id,
        actor=_actor(visitor),
        key=key,
        scopes=scopes,
    )


def _scopes_over(visitor: Visitor, owner: str) -> Collection[str] | None:
    """Return the visitor's scopes where he is the owner; others start it as the owner may."""
    return visitor.scopes if visitor.name == owner and not visitor.is_service else None


async def make_clone(service: Service, session: Session, visitor: Visitor) -> dict[str, Any]:
    """Return a filled launch request for the visitor, and what had to differ."""
    is_own = session.owner == visitor.name and not visitor.is_service
    request, changes = _open(service, session) if is_own else (lift(session), [])
    body = {**to_stored(request), "idle_timeout": request.idle_timeout, "drive": request.drive}
    del body["version"]
    if not is_own:
        for field in sorted(set(body) - set(_TAKEN_FROM_OTHERS)):
            if field not in ("name", "cloned_from", "drive"):
                changes.append(make_change(field, "left out: it is its owner's"))
            del body[field]
        if request.drive != "default":
            changes.append(make_change("drive", "left out: it is its owner's", now="default"))
        body["drive"] = "default"
    body.pop("name", None)
    found = await differences(service, visitor.name, parse_request(body), visitor.scopes)
    for change in found:
        change_field(body, change)
    body |= {"cloned_from": session.id, "name": _name_of(session)}
    return {"request": body, "changes": [*changes, *found]}


def _name_of(session: Session) -> str | None:
    """Return a session's name for another one; a server of the hub may have any name at all."""
    plain = "".join(char for char in session.name if not has_control_characters(char))
    return plain[:NAME_LENGTH].strip() or None


def change_field(body: dict[str, Any], change: Mapping[str, Any]) -> None:
    """Put what a change says into a request's body."""
    top, _, entry = str(change["field"]).partition(".")
    if change["now"] is not None:
        body[top] = change["now"]
    elif top in MAPPINGS and entry:
        body[top] = {name: one for name, one in body.get(top, {}).items() if name != entry}
    else:
        body.pop(top, None)


async def differences(
    service: Service, owner_name: str, request: LaunchRequest, scopes: Collection[str] | None
) -> list[dict[str, Any]]:
    """Return what of a stored request can no longer be had: `{field, was, now, reason}`."""
    facts = await gather_facts(service, owner_name, scopes)
    found: list[dict[str, Any]] = []
    if request.environment not in facts.environments:
        found += retired(request, facts.environments.values())
        request = request.model_copy(update={"environment": found[0]["now"] or "", "choices": {}})
    owner = await require_owner(service, owner_name)
    known = await service.db.read(drives.resolve, owner.key, drives_named(request) - {"default"})
    if request.drive != "default" and request.drive not in known:
        reason = f"Drive ‘{request.drive}’ is gone: your default is chosen."
        found.append(make_change("drive", reason, request.drive, "default"))
    missing = missing_drives(request, {request.drive, "default", *known})
    refused = {one.field: one.message for one in check(request, facts)}
    told = {one["field"] for one in found}
    found += left_out(request, {f: m for f, m in {**missing, **refused}.items() if f not in told})
    return found


async def patch(service: Service, session: Session, body: PatchBody, visitor: Visitor) -> Session:
    """Change name, idle timeout or longest life of the version that was seen.

    Raises `Conflict`, `WrongFields`.
    """
    changes: dict[str, Any] = {} if body.name is None else {"name": body.name}
    asked: dict[str, Any] = {}
    if body.idle_timeout is not None:
        asked["idle_timeout"] = body.idle_timeout
    if "max_lifetime" in body.model_fields_set:
        asked["max_lifetime"] = body.max_lifetime or service.link.snapshot.lifetime_max
    if asked:
        if session.state in ENDED:
            raise Conflict("It has ended; only its name can be changed.", code="state")
        request = lift(session).model_copy(update=asked)
        require_allowed(request, await gather_facts(service, session.owner), *asked)
        changes |= asked
    if "max_lifetime" in asked:
        changes["lifetime_ends_at"] = _life_end(session, asked["max_lifetime"], service.now())
    try:
        return await service.db.write(
            edit,
            session.id,
            at=service.now(),
            actor=_actor(visitor),
            on_behalf_of=_behalf(session, visitor),
            changes=changes,
            seen_version=body.version,
        )
    except StaleVersion:
        raise await stale(service, session.id) from None


def _life_end(session: Session, seconds: int | None, now: datetime) -> datetime | None:
    """Return when another longest life ends. Raises `WrongFields` if that is past."""
    ends_at = life_end(session.ready_at, seconds)
    if ends_at is not None and ends_at <= now:
        sentence = "It has run longer than that already. Stop it instead."
        raise wrong_fields({"max_lifetime": sentence})
    return ends_at


async def extend(service: Service, session: Session, body: ExtendBody, visitor: Visitor) -> Session:
    """Keep a session until a moment, whatever its idle clock says. Raises `Conflict`."""
    if session.state not in COUNTED:
        raise Conflict("It is not running.", code="state")
    now = service.now()
    until = _read_until(body, now, service.link.snapshot.extend_max)
    return await service.db.write(
        edit,
        session.id,
        at=now,
        actor=_actor(visitor),
        on_behalf_of=_behalf(session, visitor),
        changes={"extended_until": until},
        event="extended",
        data={"until": until.isoformat() if until else None},
    )


def _read_until(body: ExtendBody, now: datetime, most: int) -> datetime | None:
    """Return until when to keep a session; None takes it back. Raises `WrongFields`."""
    if body.seconds == 0:
        return None
    until = now + timedelta(seconds=body.seconds) if body.seconds else _read_time(body.until)
    if until <= now:
        raise wrong_fields({"until": "Choose a moment in the future."})
    if until > now + timedelta(seconds=most + 60):
        field = "seconds" if body.seconds else "until"
        raise wrong_fields({field: f"Your limit is {say_limit(most)} from now."})
    return until


async def stop(service: Service, session: Session, visitor: Visitor, reason: str | None) -> Session:
    """Stop a session for the visitor: as its owner, or as an administrator."""
    behalf = _behalf(session, visitor)
    return await service.stop(
        session.id,
        Cause.ADMIN if behalf else Cause.USER,
        actor=_actor(visitor),
        on_behalf_of=behalf,
        reason=reason,
    )


def _behalf(session: Session, visitor: Visitor) -> str | None:
    """Return for whom somebody acts who is not the session's owner."""
    return None if is_same(_actor(visitor), session.owner) else session.owner


def _actor(visitor: Visitor) -> str:
    return actor_of(visitor.name, is_service=visitor.is_service)


async def require_owner(service: Service, name: str) -> Owner:
    """Return who a user is. Raises `MayNot` for a name that the hub does not know."""
    owner = await service.link.owner(name)
    if owner is None:
        raise MayNot("The hub knows no such user any more.")
    return owner


def _open(service: Service, session: Session) -> tuple[LaunchRequest, list[dict[str, Any]]]:
    """Return a session's request with the values of its variables, and a change if they are lost.

    Raises `Conflict` for a request that cannot be read.
    """
    try:
        return lift(session, open_request(session.request, service.db.seal)), []
    except CannotOpen:
        request = lift(session).model_copy(update={"env": {}})
        return request, [make_change("env", VALUES_LOST)]


def lift(session: Session, stored: Mapping[str, Any] | None = None) -> LaunchRequest:
    """Return a session's request, without values of variables unless `stored` has them.

    Raises `Conflict` for one that cannot be read.
    """
    try:
        return lift_stored(without_values(session.request) if stored is None else stored)
    except RequestError as error:
        raise Conflict(
            f"This session's request cannot be read any more: {error}", code="changed"
        ) from None


def _read_time(text: str | None) -> datetime:
    try:
        at = datetime.fromisoformat(text or "")
    except ValueError:
        sentence = "Use a time as ISO 8601, such as 2026-01-31T18:00Z."
        raise wrong_fields({"until": sentence}) from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)

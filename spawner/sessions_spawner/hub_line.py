"""The one module that knows in what JupyterHub 5.5 and 6 differ, and what of the hub is private."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import jupyterhub
import jupyterhub.spawner
from markupsafe import Markup
from sqlalchemy import event, select
from sqlalchemy.exc import DBAPIError
from tornado import web

# 5.5 has no word for a refusal.
SpawnException = getattr(jupyterhub.spawner, "SpawnException", None)

if TYPE_CHECKING:
    from jupyterhub.spawner import Spawner

HUB_VERSION: str = jupyterhub.__version__
# 5.5 has no scope for starting alone.
START_SCOPE = "start:servers" if SpawnException is not None else "servers"


def make_refusal(message: str, reason: str) -> web.HTTPError:
    """Return the exception that makes the hub answer 400 with our sentence, and count no failure.

    Only the plain message is given: `html_message` would be printed raw.
    """
    refusal: Any = web.HTTPError(400, "%s", message)
    if SpawnException is not None:
        refusal = SpawnException(message, reason=reason)
    # What the hub's pages print.
    refusal.jupyterhub_message = message
    found: web.HTTPError = refusal
    return found


def when_start_is_over(spawner: Spawner, call: Callable[[bool], None]) -> None:
    """Call `call(is_ready)` once the hub has finished a start: checked it and added its route."""
    future: asyncio.Future[Any] | None = spawner._spawn_future
    if future is None:
        call(bool(spawner.ready))
        return
    # Futures run their callbacks in order; the hub's own, which clears the flags, comes first.
    future.add_done_callback(lambda _done: call(bool(spawner.ready)))


def loaded_spawners(hub: Any) -> Iterator[Any]:
    """Yield every spawner that the hub has in memory, without a query."""
    for user in list(hub.users.values()):
        yield from list(user.spawners.values())


def active_spawners(hub: Any) -> Iterator[Any]:
    """Yield the spawners of the hub that are ready or pending, without a query."""
    return (spawner for spawner in loaded_spawners(hub) if spawner.active)


def user_called(hub: Any, name: str) -> Any | None:
    """Return the hub's user of this name, or None.

    One that the hub has in memory costs one small statement; the hub's own way reads his roles,
    shares and groups each time.
    """
    from jupyterhub import orm

    found = hub.db.execute(select(orm.User.id).where(orm.User.name == name)).scalar()
    return hub.users.get(found) if found is not None else None


def members_of_group(hub: Any, name: str) -> list[tuple[str, str]]:
    """Return name and time of making of every user in a group; nobody if there is no such group."""
    from jupyterhub import orm

    members = orm.User.groups.any(orm.Group.name == name)
    rows = hub.db.query(orm.User.name, orm.User.created).filter(members)
    return [(name, str(made.isoformat())) for name, made in rows]


def when_user_was_made(user: Any) -> str:
    """Return the time at which the hub first made this user, as text that never changes."""
    return str(user.orm_user.created.isoformat())


def services_of(hub: Any, user: Any) -> list[tuple[str, str]]:
    """Return name and address of the services in the hub's menu, as the hub's own pages have it."""
    from jupyterhub.scopes import get_scopes_for

    scopes = get_scopes_for(user.orm_user)
    return [
        (name, service.href)
        for name, service in hub._service_map.items()
        if service.url
        and service.display
        and {"access:services", f"access:services!service={name}"} & scopes
    ]


_OWN_SCOPES = "custom:sessions:"


def rights_of(user: Any) -> frozenset[str]:
    """Return a user's scopes of ours, without their prefix."""
    from jupyterhub.scopes import get_scopes_for

    return _rights_in(get_scopes_for(user.orm_user))


def rights_in_start(spawner: Any, service: str) -> frozenset[str]:
    """Return the owner's scopes of ours in the start that is under way, without their prefix.

    They are narrowed by those of the request that starts it, unless our service sent it, which
    has looked at its own visitor: what an administrator may never widens what the owner may.
    """
    rights = rights_of(spawner.user)
    handler = spawner.handler
    if handler is None:
        return rights
    by = handler.current_user
    if getattr(by, "kind", "user") == "service" and by.name == service:
        return rights
    return rights & _rights_in(handler.expanded_scopes)


def _rights_in(scopes: Iterable[str]) -> frozenset[str]:
    return frozenset(one.removeprefix(_OWN_SCOPES) for one in scopes if one.startswith(_OWN_SCOPES))


def announcement_of(hub: Any) -> str:
    """Return the announcement of the hub's pages as text; there it may hold HTML."""
    return Markup(hub.template_vars.get("announcement") or "").striptags()  # noqa: S704


async def restart_if_dead(hub: Any, name: str) -> bool:
    """Have the hub look now at a managed service that it looks at every 30 s.

    Tell whether it had ended: the hub starts it again then, unless it is stopping it itself.
    """
    service = hub._service_map.get(name)
    spawner = service.spawner if service is not None and service.managed else None
    if spawner is None or spawner._poll_callback is None:
        return False
    return await spawner.poll_and_notify() is not None


class HidesOptions(logging.Filter):
    """Cuts the options out of the hub's line on storing them: values of variables are in there."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every line pass, that one shortened."""
        text = record.getMessage()
        if text.startswith("Setting user_options on "):
            record.msg, record.args = f"{text.partition('{')[0]}(not shown)", ()
        return True


_FULL = 2  # SQLite's word for: a commit is on the disk


def write_ahead(hub: Any) -> bool:
    """Have a hub's SQLite file written ahead (WAL); tell whether it is now.

    The hub commits ten times a start and its event loop waits each time: for one write to the
    disk instead of four. Each commit is as safe as before. A file in use stays as it is, and so
    does one that SQLite was built to keep less safe this way.
    """
    engine = hub.db.get_bind()
    if engine.dialect.name != "sqlite" or engine.url.database in (None, "", ":memory:"):
        return False
    with engine.connect() as connection:
        waits = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
        connection.exec_driver_sql("PRAGMA busy_timeout = 0")
        try:
            found = connection.exec_driver_sql("PRAGMA journal_mode = WAL").scalar()
            if int(connection.exec_driver_sql("PRAGMA synchronous").scalar() or 0) < _FULL:
                found = connection.exec_driver_sql("PRAGMA journal_mode = DELETE").scalar()
        except DBAPIError:
            return False
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {waits}")
    return bool(found == "wal")


def without_pings(hub: Any) -> bool:
    """Have a hub use its SQLite file without asking first whether it answers; tell whether.

    The hub sends `SELECT 1` before each transaction, a dozen times a start, because a connection
    to a server may be gone. Nobody hangs up on a file.
    """
    engine = hub.db.get_bind()
    if engine.dialect.name != "sqlite":
        return False
    pings = [one for one in engine.dispatch.engine_connect if _is_ping(one)]
    for ping in pings:
        event.remove(engine, "engine_connect", ping)
    return bool(pings)


def _is_ping(listener: Callable[..., Any]) -> bool:
    of_the_hub = listener.__module__ == "jupyterhub.orm"
    return of_the_hub and listener.__name__.startswith("ping_connection")


def is_serving(hub: Any) -> bool:
    """Tell whether the hub has loaded its servers and listens."""
    return bool(getattr(hub, "http_server", None))

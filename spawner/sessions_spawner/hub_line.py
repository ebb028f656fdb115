"""The one module that knows in what JupyterHub 5.5 and 6 differ, and what of the hub is private."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import jupyterhub
import jupyterhub.spawner
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


def active_spawners(hub: Any) -> Iterator[Any]:
    """Yield the spawners of the hub that are ready or pending, without a query."""
    for user in list(hub.users.values()):
        for spawner in list(user.spawners.values()):
            if spawner.active:
                yield spawner


def user_called(hub: Any, name: str) -> Any | None:
    """Return the hub's user of this name, or None."""
    from jupyterhub import orm

    row = orm.User.find(hub.db, name)
    return hub.users[row] if row is not None else None


def when_user_was_made(user: Any) -> str:
    """Return the time at which the hub first made this user, as text that never changes."""
    return str(user.orm_user.created.isoformat())


class HidesOptions(logging.Filter):
    """Cuts the options out of the hub's line on storing them: values of variables are in there."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every line pass, that one shortened."""
        text = record.getMessage()
        if text.startswith("Setting user_options on "):
            record.msg, record.args = f"{text.partition('{')[0]}(not shown)", ()
        return True


def is_serving(hub: Any) -> bool:
    """Tell whether the hub has loaded its servers and listens."""
    return bool(getattr(hub, "http_server", None))

"""The hub's spawn page: what its form shows, and what it sends."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tornado import web

from . import hub_line, hub_process, intake
from .form import (
    FormError,
    FormTerms,
    Place,
    Typed,
    Unfinished,
    keep_typed,
    make_form,
    new_drive_in,
    read_form,
    read_link,
    read_typed,
    take_typed,
    typed_here,
)
from .wire.channel import LinkDown, Refused

if TYPE_CHECKING:
    from .mixin import SessionSpawner

# The hub waits for what can be waited for.
Options = dict[str, Any] | Awaitable[dict[str, Any]]
_unfinished = Unfinished()


async def show(spawner: SessionSpawner) -> str:
    """Return the form for a spawner's user, filled with what this request typed."""
    hub = hub_process.current()
    idle = hub.idle()
    offer = await hub.offer_of(spawner.user)
    facts, trouble = await intake.facts_for_form(spawner)
    terms = FormTerms(
        drives={name: offer["notes"].get(name, "") for name in offer["drives"]},
        presets=idle.presets,
        default_timeout=idle.default_within,
        room=offer["room"],
        trouble=trouble,
        before=_typed_before(spawner),
    )
    return make_form(facts, terms)


def _typed_before(spawner: SessionSpawner) -> Typed:
    """Return what whoever asks for the form typed for a start of this server that failed, once."""
    typed = typed_here()
    if typed is not None:  # the form shows this, and once is enough
        _unfinished.forget_typed(spawner.user.name, typed)
        return Typed()
    place = _place_of(spawner)
    return _unfinished.take(place) if place else Typed()


def _place_of(spawner: SessionSpawner) -> Place | None:
    """Return who asks, for whose server; the hub tells it while it shows a form and in a start."""
    by = getattr(spawner.handler, "current_user", None)
    return (by.name, spawner.user.name, spawner.name) if by is not None else None


def read(spawner: SessionSpawner, data: Mapping[str, Sequence[Any]]) -> Options:
    """Return the launch request that was typed; what was typed is kept. Raises the refusal."""
    # Here and now: what a task keeps would be gone with it.
    typed = read_typed(data)
    keep_typed(typed)
    try:
        body = read_form(typed)
    except FormError as error:
        raise hub_line.make_refusal(str(error), "form") from None
    new_drive = new_drive_in(typed)
    return _with_drive(spawner, body, new_drive) if new_drive else body


async def _with_drive(spawner: SessionSpawner, body: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the request with a drive that is made for it, if there is none of its name."""
    try:
        await hub_process.current().make_drive(spawner.user, name)
    except Refused as refusal:
        raise hub_line.make_refusal(f"Drive: {refusal.message}", refusal.code) from None
    except (LinkDown, TimeoutError):
        raise hub_line.make_refusal("Sessions are restarting. Try again.", "link") from None
    return {**body, "drive": name}


def fill(query: Mapping[str, Sequence[Any]]) -> web.HTTPError:
    """Keep what a link asks for, for the form; return the refusal that shows it."""
    keep_typed(read_link(query))
    return hub_line.make_refusal("Check the choices, then press Start.", "query")


def keep(spawner: SessionSpawner) -> None:
    """Keep what was typed for the start that begins now, for whoever typed it, should it fail."""
    typed, place = typed_here(), _place_of(spawner)
    if typed is not None and place is not None:
        _unfinished.keep(place, typed)


def forget(spawner: SessionSpawner) -> None:
    """Forget what was typed for a start that is ready now."""
    _unfinished.forget(spawner.user.name, spawner.name)
    take_typed()

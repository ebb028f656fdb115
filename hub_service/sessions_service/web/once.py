"""Idempotency: with the header `Idempotency-Key` a POST that makes something makes it once."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

from ..idempotency import store as keys
from ..idempotency.store import Key
from ..sessions.actions import require_owner
from .errors import Conflict, wrong_fields

if TYPE_CHECKING:
    from .handler import ApiHandler

# For the descriptions of operations that answer through `once`.
KEY_HEADER: Final = {
    "Idempotency-Key": "With the same key and body the first answer is given again, for 24 hours, "
    "and nothing is done twice; with another body it is a conflict."
}
_WAIT_SECONDS = 0.05
_WAITS = 400

# Does a key's work; the key is None if there was none. What makes a session notes it with the key.
Make = Callable[[Key | None], Awaitable[tuple[int, Any]]]
Show = Callable[[str], Awaitable[Any]]


async def once(handler: ApiHandler, make: Make, show: Show | None = None) -> None:
    """Answer with what `make` returns; a repeated key gets the first answer again.

    The same key with another body is a conflict. Refusals are not kept. `show` answers the session
    that a request made whose answer was lost in a crash.
    """
    key = handler.request.headers.get("Idempotency-Key")
    if key is None:
        status, body = await make(None)
        handler.answer(body, status)
        return
    if not 1 <= len(key) <= 200 or not key.isascii() or not key.isprintable():
        raise wrong_fields({"Idempotency-Key": "Use 1 to 200 printable ASCII characters."})
    person = await _person_of(handler)
    await _answer_once(handler, Key(person, handler.request.path, key), make, show)


async def _person_of(handler: ApiHandler) -> str:
    """Return whose key it is: whoever gets the name of a removed user later is another person."""
    visitor = handler.visitor
    if visitor.is_service:
        return f"service {visitor.name}"
    return (await require_owner(handler.service, visitor.name)).key


async def _answer_once(handler: ApiHandler, key: Key, make: Make, show: Show | None) -> None:
    db, now = handler.service.db, handler.service.now
    digest = hashlib.sha256(handler.request.body).hexdigest()
    for _ in range(_WAITS):
        try:
            kept = await db.write(keys.begin, key, digest, at=now())
        except keys.KeyReused:
            raise Conflict(
                "This Idempotency-Key was used with another body. Use a new one.", code="key"
            ) from None
        except keys.AnswerLost:
            raise Conflict(
                "This request was answered, and the answer cannot be read any more. "
                "Look at the list before you send it again with a new Idempotency-Key.",
                code="key",
                nothing_happened=False,
            ) from None
        if kept.is_new:
            break
        if kept.answer is not None:
            handler.set_header("Idempotent-Replay", "true")
            handler.answer(json.loads(kept.answer), kept.status or 200)
            return
        if kept.status is not None and kept.made is not None and show is not None:
            handler.set_header("Idempotent-Replay", "true")
            handler.answer(await show(kept.made), kept.status)
            return
        # The first request is still being answered.
        await asyncio.sleep(_WAIT_SECONDS)
    else:
        sentence = "The first request with this key is still running."
        raise Conflict(sentence, code="key", nothing_happened=False)
    try:
        status, body = await make(key)
    except BaseException:
        await db.write(keys.forget, key)
        raise
    await db.write(keys.finish, key, status, json.dumps(body), at=now())
    handler.answer(body, status)

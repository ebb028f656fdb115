"""Removes what could not be removed at once, as soon as the API server answers again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from itertools import chain, repeat
from typing import Any, Final

from .cluster_calls import CALL_ERRORS, explain

log = logging.getLogger(__name__)

Remove = Callable[[], Awaitable[object]]

_PAUSES: Final = (0.5, 1.0, 2.0)
_LONGEST_PAUSE: Final = 3.0
_removing: set[asyncio.Task[Any]] = set()
# Pods that nobody waits for any more: one may be made yet, by a call that was not answered.
_unwanted: dict[str, Remove] = {}


def remove_later(name: str, remove: Remove) -> None:
    """Try to remove a pod with what belongs to it until the API server has answered."""
    _unwanted[name] = remove
    _begin(name, remove)


def is_unwanted(name: str) -> bool:
    """Tell whether a pod that is seen was given up; it is removed then."""
    if name not in _unwanted:
        return False
    _begin(name, _unwanted[name])
    return True


def _begin(name: str, remove: Remove) -> None:
    if any(task.get_name() == name for task in _removing):
        return
    task = asyncio.create_task(remove_for_certain(name, remove), name=name)
    _removing.add(task)
    task.add_done_callback(_removing.discard)


async def remove_for_certain(name: str, remove: Remove) -> None:
    """Call `remove` until it is answered; a refusal for good ends it too, and is logged."""
    log.warning("pod.left_behind pod=%s", name)
    for pause in chain(_PAUSES, repeat(_LONGEST_PAUSE)):
        await asyncio.sleep(pause)
        try:
            await remove()
        except CALL_ERRORS as error:
            if explain(error).is_final:
                log.exception("pod.not_removed pod=%s", name)
                return
        else:
            log.info("pod.removed_later pod=%s", name)
            return

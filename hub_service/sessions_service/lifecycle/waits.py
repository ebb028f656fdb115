"""Say in plain sentences what is in the way of a start that may still come through."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sessions_spawner.wire.messages import Trouble

from .causes import Cause
from .explain import names_in

_PLAIN: Final = "It waits: {detail}."
# Of each cause, the first sentence whose words are known is said.
_WAITS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        Cause.IMAGE_PULL: (
            "The image ‘{image}’ could not be fetched so far: {detail}. It is tried again.",
            "The image ‘{image}’ could not be fetched so far. It is tried again.",
            "Its image could not be fetched so far: {detail}. It is tried again.",
            "Its image could not be fetched so far. It is tried again.",
        ),
        Cause.UNSCHEDULABLE: (
            "No machine has room for {size} yet.",
            "No machine can take it yet: {detail}.",
            "No machine can take it yet.",
        ),
        Cause.VOLUME: (
            "The drive ‘{drive}’ could not be attached so far: {detail}.",
            "The drive ‘{drive}’ could not be attached so far.",
            "A drive could not be attached so far: {detail}.",
            "A drive could not be attached so far.",
        ),
        Cause.QUOTA: (
            "It waits for room in the limit of your team: {detail}.",
            "It waits for room in the limit of your team.",
        ),
        Cause.NODE_LOST: (
            "Its machine does not answer: {detail}.",
            "Its machine does not answer.",
        ),
        Cause.EVICTED: (
            "The cluster wants to take it off its machine: {detail}.",
            "The cluster wants to take it off its machine.",
        ),
        Cause.CRASHED: (
            "Its helper ‘{container}’ crashes: {detail}.",
            "Its helper ‘{container}’ crashes. It is started again.",
            "A program inside crashes: {detail}.",
            "A program inside crashes. It is started again.",
        ),
        Cause.OUT_OF_MEMORY: (
            "Its helper ‘{container}’ needs more memory than its {memory}.",
            "It needs more memory than it may use.",
        ),
        Cause.START_TIMEOUT: ("It is not ready yet: {detail}.",),
        # Its detail is a whole sentence.
        Cause.REFUSED: ("{detail}.", "It waits for the cluster."),
    }
)


def say_wait(trouble: Trouble) -> str:
    """Return the sentence of what a start waits for, in the words of who saw it."""
    words = {name: str(word) for name, word in trouble.words.items() if word != ""}
    if detail := trouble.detail.rstrip(". "):
        words["detail"] = detail
    sentences = (*_WAITS.get(trouble.cause, ()), _PLAIN, "It waits for the cluster.")
    return next(one for one in sentences if words.keys() >= names_in(one)).format_map(words)

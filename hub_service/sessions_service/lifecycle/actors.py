"""Who acts: a person, another service of the hub, or a part of the product; a name says it not."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class ActorKind(StrEnum):
    """What kind of actor a name belongs to: a user may be called `hub` or `clock`."""

    PERSON = "person"
    SERVICE = "service"
    PART = "part"


class Part(StrEnum):
    """A part of the product, or the hub, that acts by itself."""

    CLOCK = "clock"
    HUB = "hub"
    RECONCILER = "reconciler"
    SERVICE = "service"
    SESSION = "session"


class OtherService(str):
    """The name of another service of the hub, which acts by a token of its own."""

    __slots__ = ()


# What a part is called in sentences.
PART_WORDS: Final = {
    Part.CLOCK: "The idle clock",
    Part.HUB: "The hub",
    Part.RECONCILER: "The reconciler",
    Part.SERVICE: "The service",
    Part.SESSION: "The session",
}


def actor_of(name: str, *, is_service: bool = False) -> str:
    """Return whoever asks as an actor: a person, or another service of the hub."""
    return OtherService(name) if is_service else name


def kind_of(actor: str) -> ActorKind:
    """Return what kind of actor this is; a plain text is a person's name."""
    if isinstance(actor, Part):
        return ActorKind.PART
    return ActorKind.SERVICE if isinstance(actor, OtherService) else ActorKind.PERSON


def read_actor(name: str, kind: str | None) -> str:
    """Return the actor that was kept as a name and its kind."""
    if kind == ActorKind.PART and name in set(Part):
        return Part(name)
    # A part that only a newer version has is no person all the same.
    return name if kind in (None, ActorKind.PERSON) else OtherService(name)


def is_same(one: str | None, other: str) -> bool:
    """Tell whether two actors are the same one, not only of the same name."""
    return one is not None and one == other and kind_of(one) is kind_of(other)


def say_who(actor: str) -> str:
    """Return how an actor is called in a sentence."""
    return PART_WORDS[actor] if isinstance(actor, Part) else str(actor)

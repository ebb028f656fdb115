"""The facts that rules look at; whoever checks gathers them first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..request.environments import Environment
from ..request.offers import NO_OFFERS, Offers


@dataclass(frozen=True)
class Facts:
    """What is known while a request is checked.

    `unsupported` maps a field (`image`, `resources.gpu`) that this hub's spawner cannot give to the
    sentence that says so.
    `env_refused` are shell-style patterns, `env_reserved` those of variables that every session
    has of its own, which an environment cannot set either. `cpu_max` and `memory_max` are
    Kubernetes quantities. `offers` are those to the session's owner, and hold nothing else.
    `rights` are the custom scopes of the owner without their prefix (`custom-image`, `pod-spec`),
    as far as whoever asks carries them too.
    """

    environments: Mapping[str, Environment]
    unsupported: Mapping[str, str] = field(default_factory=dict)
    env_refused: tuple[str, ...] = ()
    env_reserved: tuple[str, ...] = ()
    idle_timeout_max: int | None = None
    idle_may_be_never: bool = True
    lifetime_max: int | None = None
    cpu_max: str | None = None
    memory_max: str | None = None
    offers: Offers = NO_OFFERS
    rights: frozenset[str] = frozenset()

    def can_give(self, name: str) -> bool:
        """Tell whether this hub's spawner can give a field at all."""
        return not {name, name.partition(".")[0]} & set(self.unsupported)

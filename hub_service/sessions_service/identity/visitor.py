"""The visitor: a name and scopes, as the hub gave them; nothing else of the hub's model counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .scopes import Reach, reach_of

ADMIN_SCOPE = "custom:sessions:admin"


# A page of a list asks the same of the same scopes again and again.
_kept_reach_of = lru_cache(maxsize=4096)(reach_of)


@dataclass(frozen=True)
class Visitor:
    """Who asks. `is_service` marks the token of another service of the hub."""

    name: str
    scopes: frozenset[str]
    is_service: bool = False
    by_token: bool = False

    def reach(self, scope: str) -> Reach:
        """Return over whom a scope of the hub counts for this visitor."""
        return _kept_reach_of(self.scopes, scope)

    @property
    def is_admin(self) -> bool:
        """Tell whether the visitor sees and stops everybody's sessions."""
        return self.reach("read:servers").everybody and self.reach("delete:servers").everybody


def make_visitor(model: Mapping[str, Any], *, by_token: bool) -> Visitor:
    """Return the visitor of the hub's user model; reads only `name`, `kind` and `scopes`."""
    return Visitor(
        name=str(model["name"]),
        scopes=frozenset(model.get("scopes", ())),
        is_service=model.get("kind") == "service",
        by_token=by_token,
    )

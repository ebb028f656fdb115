"""The visitor: a name and scopes, as the hub gave them; nothing else of the hub's model counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .scopes import Reach, reach_of

ADMIN_SCOPE = "custom:sessions:admin"


Members = tuple[tuple[str, frozenset[str]], ...]


# A page of a list asks the same of the same scopes again and again.
@lru_cache(maxsize=4096)
def _kept_reach_of(scopes: frozenset[str], scope: str, members: Members) -> Reach:
    return reach_of(scopes, scope).with_members(dict(members))


@dataclass(frozen=True)
class Visitor:
    """Who asks. `is_service` marks the token of another service of the hub.

    `members` are the persons in the groups over which he has rights: group and keys of persons.
    """

    name: str
    scopes: frozenset[str]
    is_service: bool = False
    by_token: bool = False
    members: Members = ()

    def reach(self, scope: str) -> Reach:
        """Return over whom a scope of the hub counts for this visitor."""
        return _kept_reach_of(self.scopes, scope, self.members)

    @property
    def groups_reached(self) -> frozenset[str]:
        """The groups whose members' sessions he may see or stop."""
        return self.reach("read:servers").groups | self.reach("delete:servers").groups

    @property
    def is_admin(self) -> bool:
        """Tell whether the visitor sees and stops everybody's sessions."""
        return self.reach("read:servers").everybody and self.reach("delete:servers").everybody

    @property
    def sees_others(self) -> bool:
        """Tell whether sessions of others may be among those that the visitor sees."""
        reach = self.reach("read:servers")
        return reach.everybody or bool(reach.groups) or bool(reach.users - {self.name})


def make_visitor(model: Mapping[str, Any], *, by_token: bool) -> Visitor:
    """Return the visitor of the hub's user model; reads only `name`, `kind` and `scopes`."""
    return Visitor(
        name=str(model["name"]),
        scopes=frozenset(model.get("scopes", ())),
        is_service=model.get("kind") == "service",
        by_token=by_token,
    )

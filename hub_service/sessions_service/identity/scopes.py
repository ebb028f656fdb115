"""The hub's scopes as reach: over whom a scope counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property


@dataclass(frozen=True)
class Reach:
    """Over whom a right counts: everybody, some users, members of some groups.

    `members` are the keys of the persons in these groups, as far as they were looked up.
    """

    everybody: bool = False
    users: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of the users and members."""
        return self.users | {key.rpartition("@")[0] for key in self.members}

    def with_members(self, of_group: Mapping[str, frozenset[str]]) -> Reach:
        """Return the reach with the members of its groups, by group."""
        found = frozenset[str]().union(*(of_group.get(one, frozenset()) for one in self.groups))
        return replace(self, members=found)

    def covers(self, owner: str) -> bool:
        """Tell whether the right counts over an owner."""
        return self.everybody or owner in self.names

    def __bool__(self) -> bool:
        return self.everybody or bool(self.users) or bool(self.groups)


def reach_of(scopes: Iterable[str], wanted: str) -> Reach:
    """Return the reach of the scope `wanted` (such as `delete:servers`) among expanded scopes.

    `servers` counts for `start:servers`, which hubs before 6 do not have.
    """
    names = {wanted, "servers"} if wanted == "start:servers" else {wanted}
    everybody = False
    users: set[str] = set()
    groups: set[str] = set()
    for scope in scopes:
        name, is_filtered, condition = scope.partition("!")
        if name not in names:
            continue
        kind, _, value = condition.partition("=")
        if not is_filtered:
            everybody = True
        elif kind == "user" and value:
            users.add(value)
        elif kind == "group" and value:
            groups.add(value)
        # A scope for one server (`!server=`) is a session's own or a guest's: no reach here.
    return Reach(everybody, frozenset(users), frozenset(groups))


def has_access(scopes: Iterable[str], service: str) -> bool:
    """Tell whether the scopes open this service."""
    return not {"access:services", f"access:services!service={service}"}.isdisjoint(scopes)

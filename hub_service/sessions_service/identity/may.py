"""What a visitor may do: one table from action to the hub's scope that it needs."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from .visitor import ADMIN_SCOPE, Visitor


class Action(StrEnum):
    """Everything that can be asked of the service."""

    ANYTHING = "anything"  # health: nobody has to sign in
    LOOK = "look"  # the page, what is offered
    READ_DOCUMENTS = "read-documents"  # what the addresses are, for programs and people
    LIST = "list"
    READ = "read"
    READ_STORY = "read-story"
    READ_LOGS = "read-logs"
    CREATE = "create"
    CLONE = "clone"
    RENAME = "rename"
    EDIT = "edit"
    EXTEND = "extend"
    STOP = "stop"
    RESTART = "restart"
    READ_DRIVES = "read-drives"
    CHANGE_DRIVES = "change-drives"
    DELETE_DRIVES = "delete-drives"
    ADOPT_DRIVES = "adopt-drives"
    READ_METRICS = "read-metrics"
    REPORT_ACTIVITY = "report-activity"  # a session's own token, and nothing else


# The scope of the hub behind each action; None needs no more than access to the service.
NEEDS: Final[Mapping[Action, str | None]] = MappingProxyType(
    {
        Action.LOOK: None,
        Action.READ_DOCUMENTS: None,
        Action.LIST: "read:servers",
        Action.READ: "read:servers",
        Action.READ_STORY: "read:servers",
        Action.READ_LOGS: "read:servers",
        Action.CREATE: "start:servers",
        Action.CLONE: "read:servers",
        Action.RENAME: "start:servers",
        Action.EDIT: "start:servers",
        Action.EXTEND: "start:servers",
        Action.STOP: "delete:servers",
        Action.RESTART: "start:servers",
        Action.READ_DRIVES: "read:servers",
        Action.CHANGE_DRIVES: "start:servers",
        Action.DELETE_DRIVES: "start:servers",
        Action.ADOPT_DRIVES: ADMIN_SCOPE,
        Action.READ_METRICS: "read:metrics",
    }
)


# What is always one's own: the right has to reach oneself, over others it does not count.
_ONES_OWN: Final = frozenset({Action.CREATE, Action.CHANGE_DRIVES, Action.DELETE_DRIVES})
# What a group's administrator may not do for its members: he sees what they have and stops it.
_NOT_BY_GROUP: Final = frozenset(
    {Action.READ_LOGS, Action.RENAME, Action.EDIT, Action.EXTEND, Action.RESTART}
)
# To another service these are as if they were not there: it may know that a session is, not more.
_FOR_PEOPLE: Final = frozenset({Action.READ_STORY, Action.READ_LOGS, Action.CLONE})


def may_at_all(visitor: Visitor, action: Action) -> bool:
    """Tell whether there is anybody over whom the visitor may do this.

    What is made for oneself alone needs a right over oneself, and a service is nobody.
    """
    scope = NEEDS[action]
    if scope is None:
        return not visitor.is_service or action is Action.READ_DOCUMENTS
    if action is Action.ADOPT_DRIVES:
        return scope in visitor.scopes and not visitor.is_service
    if action is Action.READ_METRICS:
        return scope in visitor.scopes or visitor.is_admin
    if action in _ONES_OWN:
        return not visitor.is_service and visitor.reach(scope).covers(visitor.name)
    return bool(visitor.reach(scope))


def may(visitor: Visitor, action: Action, owner: str) -> bool:
    """Tell whether the visitor may do this to what belongs to an owner."""
    scope = NEEDS[action]
    if scope is None:
        return visitor.name == owner
    if action is Action.ADOPT_DRIVES:
        return may_at_all(visitor, action)
    if is_hidden(visitor, action):
        return False
    reach = visitor.reach(scope)
    if action in _NOT_BY_GROUP:
        return reach.everybody or owner in reach.users
    return reach.covers(owner)


def is_hidden(visitor: Visitor, action: Action) -> bool:
    """Tell whether what this action is about is as if it were not there, for this visitor."""
    return visitor.is_service and action in _FOR_PEOPLE

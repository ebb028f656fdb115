"""What a list is asked for and what it answers; cursors."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final, Literal

from sessions_spawner.request.ids import is_drive_id

from ..lifecycle.causes import Status
from ..lifecycle.table import State
from .models import Session

Tab = Literal["active", "history"]
SortName = Literal["name", "environment", "drive", "started_at", "ended_at", "ends_at"]
DEFAULT_LIMIT: Final = 20
MOST_COUNTED: Final = 1000

# The end is one key: when a session ended, or when it is going to.
SORTS: Final[Mapping[SortName, str]] = MappingProxyType(
    {
        "name": "sort_name",
        "environment": "sort_environment",
        "drive": "sort_drive",
        "started_at": "created_at",
        "ended_at": "sort_end",
        "ends_at": "sort_end",
    }
)

# Which statuses a state can be seen as; a state's filter is one of these and the state.
_STATUSES_OF: Final[Mapping[State, tuple[Status, ...]]] = MappingProxyType(
    {
        State.CREATED: (Status.PENDING,),
        State.STARTING: (Status.PENDING,),
        State.PROVISIONING: (Status.PENDING,),
        State.RUNNING: (Status.IN_PROGRESS,),
        State.STOPPING: (Status.CANCELLING, Status.FAILING),
        State.STOPPED: (Status.CANCELLED, Status.DONE),
        State.ARCHIVED: (Status.CANCELLED, Status.DONE, Status.FAILED),
    }
)


class WrongCursor(ValueError):
    """A cursor that this list did not make."""


@dataclass(frozen=True)
class Query:
    """What a list is asked for. Values of one filter are alternatives, filters all have to fit.

    `visible_to` are the names of the owners whose sessions the visitor may see, None is
    everybody's; `persons` says for names whose person is known which one that is: a namesake's are
    not seen. `owner_key` narrows the list to one person. `owners` are names or parts of e-mail
    addresses, `*` is all that are visible. `states` are states and statuses alike, `drives`
    names or ids. `limit` 0 counts only.
    """

    tab: Tab = "active"
    visible_to: frozenset[str] | None = frozenset()
    persons: Mapping[str, str] = field(default_factory=dict)
    owner_key: str | None = None
    owners: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    drives: tuple[str, ...] = ()
    billing_projects: tuple[str, ...] = ()
    q: str = ""
    sort: SortName = "started_at"
    descending: bool = True
    limit: int = DEFAULT_LIMIT
    cursor: str | None = None


@dataclass(frozen=True)
class Page:
    """A page of a list; `total` is a lower bound if `total_is_capped`."""

    items: list[Session] = field(default_factory=list)
    total: int = 0
    total_is_capped: bool = False
    next: str | None = None
    prev: str | None = None


@dataclass(frozen=True)
class Position:
    """Where a page begins: after (or before, going `back`) this row of the list."""

    key: str | datetime
    id: str
    back: bool = False


def order_of(query: Query) -> str:
    """Return the column that orders a list.

    Sessions of one environment, or on drives of one name, are alike by that: they go by their
    start. No index would find the few that others stand before in the order of all.
    """
    one_environment = query.sort == "environment" and len(query.environments) == 1
    one_drive = query.sort == "drive" and len(query.drives) == 1 and not is_drive_id(*query.drives)
    return "created_at" if one_environment or one_drive else SORTS[query.sort]


def split_states(words: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """Return (statuses, states) of a filter: a row fits by its status or by its state."""
    statuses = {word for word in words if word in set(Status)}
    return frozenset(statuses), frozenset(set(words) - statuses)


def statuses_of(states: frozenset[str]) -> frozenset[str]:
    """Return the statuses that sessions in these states can have."""
    return frozenset(status for state in states for status in _STATUSES_OF[State(state)])


def write_cursor(query: Query, at: Position, total: int, is_capped: bool) -> str:
    """Return the cursor of the page after (or before) a position; it remembers the total."""
    key = at.key.isoformat() if isinstance(at.key, datetime) else at.key
    body = [_name_order(query), key, at.id, int(at.back), total, int(is_capped)]
    raw = json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def read_cursor(query: Query) -> tuple[Position, int, bool] | None:
    """Return (where the page begins, total, whether it is capped); None for the first page.

    Raises `WrongCursor` for a cursor of another order, or that no list made.
    """
    if query.cursor is None:
        return None
    try:
        raw = base64.urlsafe_b64decode(query.cursor + "=" * (-len(query.cursor) % 4))
        order, *body = json.loads(raw)
        if order != _name_order(query):
            raise ValueError(order)
        return _checked(query, *body)
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise WrongCursor("Leave the cursor out to begin at the first page.") from None


def _name_order(query: Query) -> str:
    return f"{query.tab[0]}{'-' if query.descending else '+'}{order_of(query)}"


def _checked(
    query: Query, key: str, session_id: str, back: int, total: int, is_capped: int
) -> tuple[Position, int, bool]:
    numbers = (back, total, is_capped)
    if any(type(number) is not int for number in numbers) or "\0" in key + session_id:
        raise ValueError(numbers)
    (key + session_id).encode()  # a lone surrogate is no text
    at: str | datetime = key
    if order_of(query) in ("created_at", "sort_end"):
        at = datetime.fromisoformat(key).astimezone(UTC)
    position = Position(at, session_id, bool(back))
    return position, min(max(total, 0), MOST_COUNTED), bool(is_capped)

"""The idle clock's reckoning: pure, from activity and settings to a state and a due time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from ..lifecycle.moments import to_iso

KINDS: Final = ("notebook", "lab", "code", "shell", "ssh", "port")
SLACK_SECONDS: Final = 5
# Ways to use a session that are told of before they are used.
_ALWAYS_TOLD: Final = frozenset({"notebook", "lab", "code", "shell"})


@dataclass(frozen=True)
class Use:
    """One kind of use: when it was seen last, whether it goes on, and a sentence about it."""

    at: datetime
    is_busy: bool = False
    sentence: str = ""


@dataclass(frozen=True)
class IdleState:
    """The clock of one session; times are UTC, `timeout` is in seconds, -1 is never.

    Without news the clock counts from `since`: when the session became ready.
    """

    timeout: int
    since: datetime | None = None
    uses: Mapping[str, Use] = field(default_factory=dict)
    extended_until: datetime | None = None
    is_running: bool = False
    reported_at: datetime | None = None
    lifetime_ends_at: datetime | None = None

    @property
    def last(self) -> tuple[str, datetime] | None:
        """The kind and time of the last use."""
        if not self.uses:
            return None
        kind, use = max(self.uses.items(), key=lambda item: item[1].at)
        return kind, use.at

    @property
    def held_by(self) -> tuple[tuple[str, Use], ...]:
        """What uses the session now."""
        return tuple((kind, use) for kind, use in self.uses.items() if use.is_busy)

    @property
    def ends_at(self) -> datetime | None:
        """When the session ends if nothing uses it; None while something does, and for never."""
        if not self.is_running or self.timeout == -1 or self.since is None or self.held_by:
            return None
        last = self.last
        used = max(self.since, last[1]) if last else self.since
        due = used + timedelta(seconds=self.timeout)
        return max(due, self.extended_until) if self.extended_until else due

    @property
    def expires_at(self) -> datetime | None:
        """When the session ends: unused, or at the end of its longest life; None is open."""
        if not self.is_running:
            return None
        return min(filter(None, (self.ends_at, self.lifetime_ends_at)), default=None)

    def has_lived(self, now: datetime) -> bool:
        """Tell whether the longest life of the session is over, whatever uses it."""
        return self.lifetime_ends_at is not None and self.lifetime_ends_at <= now

    def next_due(self, report_seconds: float) -> datetime | None:
        """When the clock has to look again; reports come every `report_seconds`."""
        if not self.is_running:
            return None
        unused = self._unused_due(report_seconds)
        return min(filter(None, (unused, self.lifetime_ends_at)), default=None)

    def _unused_due(self, report_seconds: float) -> datetime | None:
        """When the clock has to look whether the session is unused.

        A session is asked once more before it ends: use since its last report is not known yet.
        One that went silent while something was busy ends one timeout after its last report: a
        muted reporter must not hold it for ever.
        """
        if self.timeout == -1 or self.since is None:
            return None
        ends_at = self.ends_at
        if ends_at is None:
            seen = self.reported_at or self.since
            silent = seen + timedelta(seconds=self.timeout + 3 * report_seconds)
            return max(silent, self.extended_until) if self.extended_until else silent
        if self.reported_at is None or self.reported_at >= ends_at:
            return ends_at
        expected = self.reported_at + timedelta(seconds=report_seconds + SLACK_SECONDS)
        return max(ends_at, min(expected, ends_at + timedelta(seconds=report_seconds)))

    def to_json(self) -> dict[str, Any]:
        """Return the `idle` object of a session's JSON (page.md A4)."""
        ends_at, last = self.ends_at, self.last
        return {
            "state": self._word(),
            "since": to_iso(self.since),
            "last": {"kind": last[0], "at": to_iso(last[1])} if last else None,
            "ends_at": to_iso(ends_at),
            "held_by": [
                {"kind": kind, "sentence": use.sentence or f"{kind} is busy"}
                for kind, use in self.held_by
            ],
            "extended_until": to_iso(self.extended_until),
        }

    def counted(self) -> list[dict[str, Any]]:
        """Return what counts, one line a kind, for `GET sessions/{id}`; `at` null is not used."""
        return [
            {
                "kind": kind,
                "at": to_iso(use.at) if use else None,
                "busy": use.is_busy if use else False,
                "counts": True,
                "sentence": use.sentence if use else "",
            }
            for kind in KINDS
            if (use := self.uses.get(kind)) or kind in _ALWAYS_TOLD
        ]

    def _word(self) -> str:
        if not self.is_running or self.since is None:
            return "unknown"
        if self.timeout == -1:
            return "never"
        return "in-use" if self.held_by else "counting"


def take_report(
    state: IdleState, lines: list[dict[str, Any]], now: datetime
) -> tuple[IdleState, bool]:
    """Return the clock after a session's own report, and whether anything visible changed.

    Times are clamped to the receipt, and reports only extend (security decision 23).
    """
    # What the report does not name is not going on any more.
    uses = {kind: replace(use, is_busy=False) for kind, use in state.uses.items()}
    for line in lines:
        kind, sentence = str(line["kind"]), str(line["sentence"])
        known = uses.get(kind)
        if line["busy"]:
            uses[kind] = Use(at=now, is_busy=True, sentence=sentence)
        elif known is None:
            uses[kind] = Use(at=min(line["at"] or now, now), sentence=sentence)
        elif not known.is_busy:
            at = min(line["at"] or now, now)
            uses[kind] = Use(at=max(at, known.at), sentence=sentence)
    after = replace(state, uses=uses, reported_at=now)
    changed = (
        after.expires_at != state.expires_at
        or after.ends_at != state.ends_at
        or after.held_by != state.held_by
    )
    return after, changed

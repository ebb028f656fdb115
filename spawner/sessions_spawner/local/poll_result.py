"""How a session's processes are, as the fork server answers."""

from __future__ import annotations

from dataclasses import dataclass


class Gone:
    """The answer for a session that the fork server does not know."""


GONE = Gone()


@dataclass(frozen=True)
class PollResult:
    """How a session's processes are.

    `evidence` is "", "out-of-memory", "keeper-killed" or "lost" (nobody saw the end). What lives
    may be `stopping`: somebody has asked for its end.
    """

    alive: bool
    exit_code: int | None
    known: bool
    evidence: str = ""
    stopping: bool = False

"""What is found when one looks at a session's pod."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from .events import Event

# Of the closed list of causes, those that a cluster can produce.
Cause = Literal[
    "crashed",
    "evicted",
    "exited",
    "image-pull",
    "lifetime",
    "lost",
    "node-lost",
    "out-of-memory",
    "quota",
    "refused",
    "unschedulable",
    "volume",
]


@dataclass(frozen=True)
class Verdict:
    """Why a session ended, or what keeps it from running well.

    `detail` goes into the cause's sentence: of `refused` it is a whole sentence, of all others it
    is the end of one. `words` are further words of that sentence, by their names.
    `fields` are paths in the pod with what is wrong there, where the API server named them.
    """

    cause: Cause
    detail: str = ""
    # It will never get better unless somebody changes something.
    is_final: bool = False
    # Final too, if it is still so a few seconds later: what is missing may be on its way.
    is_settling: bool = False
    exit_code: int | None = None
    words: Mapping[str, str | int] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Unready:
    """A container that should be ready and is not, with why."""

    name: str
    why: str


@dataclass(frozen=True)
class Finding:
    """What the cluster says about a session's pod.

    `is_running`: the session's program runs. `is_ready`: so does everything beside it, and all of
    it is well. `is_over`: the run has ended, or is being ended and that cannot be taken back.
    `may_still_run`: some program of the pod may still be running and writing to its drives, also
    where the run is over. `verdict` says what is wrong, or how it ended; a run that is over has
    one, unless this hub ended it. `evidence` are lines of `events`; `lines` are the last of
    the program, or of the helper that the verdict is about.
    """

    is_running: bool
    is_ready: bool
    is_over: bool
    may_still_run: bool
    unready: tuple[Unready, ...] = ()
    restarts: int = 0
    verdict: Verdict | None = None
    evidence: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()

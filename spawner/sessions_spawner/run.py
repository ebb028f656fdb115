"""One run of a session in the hub process, and why a start of one failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .progress import ALL_STAGES
from .request import LaunchRequest, lift_stored, to_stored
from .wire.messages import DriveRecord, Stage, Trouble


@dataclass(frozen=True)
class Run:
    """One run of a session, as admitted."""

    id: str
    generation: int
    name: str
    request: LaunchRequest
    drives: Mapping[str, str]
    token_sha256: str
    # Its drives as they were told with admission, and where they lie, by their ids.
    records: Mapping[str, DriveRecord] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What names this run's process or pod."""
        return f"{self.id}:{self.generation}"

    def to_state(self) -> dict[str, Any]:
        """Return what the hub keeps of it, as JSON."""
        return {
            "id": self.id,
            "generation": self.generation,
            "name": self.name,
            "request": to_stored(self.request),
            "drives": dict(self.drives),
            "places": dict(self.places),
            "token_sha256": self.token_sha256,
        }

    @classmethod
    def from_state(cls, kept: Mapping[str, Any]) -> Run:
        """Return the run that the hub kept. Raises `RequestError`."""
        return cls(**{**kept, "request": lift_stored(kept["request"])})


@dataclass(frozen=True)
class Failure:
    """Why a start failed: a cause, and a detail and further words for its sentence."""

    cause: str
    detail: str = ""
    exit_code: int | None = None
    words: Mapping[str, str | int] = field(default_factory=dict)


class StartFailed(Exception):
    """A start that did not work, with its cause."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.detail or failure.cause)
        self.failure = failure


def make_stage(run: Run, owner: str, name: str, wait: Failure | None = None) -> Stage:
    """Make what is told of a run that has come to a stage; `wait` is what it waits for there."""
    percent, message = ALL_STAGES[name]
    trouble = None
    if wait is not None:
        trouble = Trouble(cause=wait.cause, detail=wait.detail, words=dict(wait.words))
    return Stage(
        id=run.id,
        owner=owner,
        generation=run.generation,
        name=name,
        percent=percent,
        message=message,
        trouble=trouble,
    )

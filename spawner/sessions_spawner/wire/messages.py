"""The messages of the link. Reports ignore unknown keys; questions refuse them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

REPORTS_VERSION: Final = 1


class Question(BaseModel):
    """A question of the link: unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Owner(Question):
    """Who a person is: a name and when the hub first made that user (security decision 15)."""

    name: str
    created: str
    groups: tuple[str, ...] = ()
    email: str | None = None
    # The custom scopes of ours that the person holds, without their prefix.
    rights: tuple[str, ...] = ()
    # The services of the hub's menu that are open to the person, as name and address; told to
    # whoever asks for an owner, and not with an admission.
    services: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """The person, as kept with sessions and drives."""
        return f"{self.name}@{self.created}"


class Admit(Question):
    """May this server start? `request` is a stored request, or None for all defaults."""

    owner: Owner
    server: str
    request: dict[str, Any]
    request_digest: str
    environment_title: str
    settings_digest: str
    token_sha256: str


class DriveRecord(Question):
    """A drive as the service keeps it: what its storage is found by, or made from.

    `place` names its folder or claim, None until it has one. Sizes are Kubernetes quantities.
    """

    id: str
    place: str | None = None
    size: str | None = None
    storage_class: str | None = None
    is_default: bool = False


class PlacedDrive(BaseModel):
    """Where a drive's files lie, and what that storage is; its place is never worked out again."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    place: str
    size: str | None = None
    storage_class: str | None = None
    access_mode: str | None = None


class DriveFigures(BaseModel):
    """A drive's storage as it is now; `used` in bytes, None where nobody measures.

    `grows_to` is a size that it has not reached yet, `trouble` a sentence, empty if all is well.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    size: str | None = None
    grows_to: str | None = None
    used: int | None = None
    storage_class: str | None = None
    access_mode: str | None = None
    trouble: str = ""


class Admitted(Question):
    """The answer: the session and what its names mean; `records` are its drives by their ids."""

    id: str
    generation: int
    name: str
    drives: dict[str, str]
    records: dict[str, DriveRecord] = {}


class GoingRun(BaseModel):
    """A run that goes on, as the hub process knows it: what its record is made anew from."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    owner: Owner
    server: str
    id: str
    generation: int
    name: str
    request: dict[str, Any]
    request_digest: str
    drives: dict[str, str]
    token_sha256: str
    # Where its drives lie, by their ids.
    places: dict[str, str] = {}


class SeenContainer(BaseModel):
    """A container of a session's pod as it is; `reason` says why it waits or how it ended."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    state: Literal["waiting", "running", "ended"]
    reason: str = ""
    ready: bool = False
    restarts: int = 0
    image: str = ""


class SeenEvent(BaseModel):
    """What the cluster told of a session's pod, and how often; `at` is the last time."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    at: datetime | None = None
    reason: str = ""
    message: str = ""
    count: int = 1
    is_warning: bool = False


class Seen(BaseModel):
    """What is seen of a start beside its stages, all of it each time; told, not kept."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    generation: int
    containers: tuple[SeenContainer, ...] = ()
    events: tuple[SeenEvent, ...] = ()


class LogQuestion(Question):
    """Which lines of a run's log: the last `tail`, or those after a `cursor` of an answer before.

    `container` None is the one with the session's program. Who follows gets whole lines alone.
    """

    id: str
    generation: int
    container: str | None = None
    tail: int = 500
    cursor: str = ""
    follows: bool = False


class LogLines(BaseModel):
    """Lines of a log, oldest first; `skipped`: some between the cursor and these are left out.

    `containers` are those that have a log, none where a session has one log alone.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    lines: tuple[str, ...] = ()
    cursor: str = ""
    skipped: bool = False
    container: str | None = None
    containers: tuple[str, ...] = ()


class Report(BaseModel):
    """What the spawner saw of one run of a session."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    version: int = REPORTS_VERSION
    id: str
    generation: int
    # “noticed” is something that the session goes on with: its `words` say what.
    kind: Literal["ready", "ended", "noticed"]
    at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    cause: str | None = None
    by_hub: bool = False
    exit_code: int | None = None
    detail: str = ""
    # Further words of the cause's sentence, such as the image that could not be fetched.
    words: dict[str, str | int] = {}
    # The hub says so itself at the moment at which this is sent; the outbox never holds it.
    agreed: bool = False
    lines: tuple[str, ...] = ()
    stages: tuple[dict[str, Any], ...] = ()
    # What a cluster showed of the run, as in `Seen`.
    containers: tuple[SeenContainer, ...] = ()
    events: tuple[SeenEvent, ...] = ()


class Trouble(BaseModel):
    """What is in the way of a start that may still come through, as the end's report has it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    cause: str
    detail: str = ""
    words: dict[str, str | int] = {}


class Stage(BaseModel):
    """How far a start has come, and what it waits for there; told, not kept."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    owner: str
    generation: int
    name: str
    percent: int
    message: str
    trouble: Trouble | None = None
    at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class LiveServer(BaseModel):
    """One server as the hub process sees it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    owner: str
    created: str
    server: str
    id: str
    generation: int
    ready: bool
    pending: str | None
    token_sha256: str = ""

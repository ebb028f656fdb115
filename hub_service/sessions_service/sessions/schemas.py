"""What the addresses of sessions take and answer, as data for checks and for OpenAPI."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from sessions_spawner.request import LaunchRequest
from sessions_spawner.request.fields import (
    DriveReference,
    EnvironmentName,
    IdleTimeout,
    Lifetime,
    Name,
    has_control_characters,
)

FIELDS = tuple(LaunchRequest.model_fields)
STATUS_WORDS = (
    "pending",
    "in progress",
    "cancelling",
    "failing",
    "cancelled",
    "done",
    "failed",
)
STATES = (
    "created",
    "starting",
    "provisioning",
    "running",
    "stopping",
    "stopped",
    "failed",
    "archived",
)
SORTS = ("name", "environment", "drive", "started_at", "ended_at", "ends_at")
SortWord = Literal[
    "name", "environment", "drive", "started_at", "ended_at", "ends_at",
    "-name", "-environment", "-drive", "-started_at", "-ended_at", "-ends_at",
]  # fmt: skip
StateWord = Literal[
    "created", "starting", "provisioning", "running", "stopping", "stopped", "failed", "archived",
    "pending", "in progress", "cancelling", "failing", "cancelled", "done",
]  # fmt: skip


def as_number(text: object) -> object:
    """Return the number that a text of digits is; what is no text as it is."""
    if isinstance(text, str):
        if not text.isascii() or not text.isdigit():
            raise ValueError("Use a whole number.")
        # Python reads no number of thousands of digits; here twenty are as good as all of them.
        return int(text.lstrip("0")[:20] or "0")
    return text


class Strict(BaseModel):
    """A body: JSON types are strict, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Query(BaseModel):
    """A query: values come as texts, unknown names are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Text = Annotated[str, Field(max_length=256)]


class ListQuery(Query):
    """The filters of a list; a filter given twice means either, different ones mean both."""

    tab: Literal["active", "history"] = "active"
    state: tuple[StateWord, ...] = ()
    owner: tuple[Text, ...] = ()
    environment: tuple[Text, ...] = ()
    drive: tuple[Text, ...] = ()
    billing_project: tuple[Text, ...] = ()
    q: Text = ""
    sort: SortWord = "-started_at"
    limit: Annotated[int, Field(ge=0, le=100), BeforeValidator(as_number)] = 20
    cursor: Annotated[str, Field(max_length=1024)] | None = None


class LaunchBody(LaunchRequest):
    """A launch request over REST: environment, idle timeout and drive have to be named."""

    idle_timeout: IdleTimeout
    drive: DriveReference

    def to_request(self) -> LaunchRequest:
        """Return the launch request that was sent."""
        return LaunchRequest.model_construct(**{name: getattr(self, name) for name in FIELDS})


class PatchBody(Strict):
    """What can be changed of a session, with the version that was seen.

    A `max_lifetime` of null takes its longest life away, as far as the limits allow.
    """

    version: Annotated[int, Field(ge=1)]
    name: Name | None = None
    idle_timeout: IdleTimeout | None = None
    max_lifetime: Lifetime | None = None

    @model_validator(mode="after")
    def _says_something(self) -> PatchBody:
        has_lifetime = "max_lifetime" in self.model_fields_set
        if self.name is None and self.idle_timeout is None and not has_lifetime:
            raise ValueError("Name a field to change: name, idle_timeout or max_lifetime.")
        if self.name == "":
            raise ValueError("A name has at least one character.")
        return self


def _plain_reason(text: object) -> object:
    if isinstance(text, str) and has_control_characters(text):
        raise ValueError("Leave out control characters.")
    return text


class StopBody(Strict):
    """Why a session is stopped, for its story."""

    reason: Annotated[str, Field(max_length=200), BeforeValidator(_plain_reason)] | None = None


class EmptyBody(Strict):
    """Nothing."""


class ExtendBody(Strict):
    """How much longer a session is kept: seconds from now, or until when (ISO 8601).

    0 seconds take back that it is kept: its idle clock alone counts again.
    """

    seconds: Annotated[int, Field(ge=0, le=366 * 86_400)] | None = None
    until: Annotated[str, Field(max_length=40)] | None = None

    @model_validator(mode="after")
    def _says_one(self) -> ExtendBody:
        if (self.seconds is None) == (self.until is None):
            raise ValueError("Give seconds or until, one of them.")
        return self

    @field_validator("seconds")
    @classmethod
    def _is_a_minute(cls, seconds: int | None) -> int | None:
        if seconds is not None and 0 < seconds < 60:
            raise ValueError("Keep it for 60 seconds or more; 0 takes it back.")
        return seconds


class UsedLine(Strict):
    """One kind of use, as a session reports it."""

    kind: Literal["notebook", "lab", "code", "shell", "ssh", "port"]
    at: Annotated[AwareDatetime, Field(strict=False)] | None = None
    busy: bool = False
    sentence: Annotated[str, Field(max_length=200), BeforeValidator(_plain_reason)] = ""


class MemoryLine(BaseModel):
    """How many programs the kernel has ended for want of memory since the session's start.

    `kernels` names those of the last ones that were notebooks' kernels.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    kills: Annotated[int, Field(ge=0, le=2**53)]
    kernels: Annotated[
        list[Annotated[str, Field(max_length=80), BeforeValidator(_plain_reason)]],
        Field(max_length=3),
    ] = []


class DoorsLine(BaseModel):
    """Which doors have their program where the session runs; null is a door that is not known."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    lab: bool | None = None
    code: bool | None = None
    shell: bool | None = None


class UsageLine(BaseModel):
    """What the session uses now: bytes of memory, CPU in cores (null until measured twice)."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    cpu: Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)] | None = None
    memory: Annotated[int, Field(ge=0, le=2**53)]


class ActivityBody(BaseModel):
    """A session's report of its own use; unknown keys are ignored, as in every report."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    used: Annotated[list[UsedLine], Field(max_length=32)]
    memory: MemoryLine | None = None
    doors: DoorsLine | None = None
    usage: UsageLine | None = None


class UsedNow(BaseModel):
    """What a running session used when it last said so: CPU in cores, memory in bytes."""

    cpu: float | None
    memory: int
    at: datetime


class TimeInSentence(BaseModel):
    """A time that a sentence says in UTC: the text there, and the moment."""

    text: str
    at: datetime


class Explanation(BaseModel):
    """Why a session ended, and the next step."""

    sentence: str
    short: str
    times: list[TimeInSentence]
    next: dict[str, Any]


class Size(BaseModel):
    """What a session gets, as Kubernetes quantities; null is no limit, `gpu` is a count."""

    cpu: str | None
    memory: str | None
    gpu: int | None


class SessionOut(BaseModel):
    """A session."""

    id: str
    server: str
    name: str
    owner: str
    email: str | None
    state: Literal[
        "created", "starting", "provisioning", "running", "stopping", "stopped", "failed",
        "archived",
    ]  # fmt: skip
    status: Literal[
        "pending", "in progress", "cancelling", "failing", "cancelled", "done", "failed"
    ]
    cause: str | None
    environment: EnvironmentName
    environment_title: str
    environment_retired: bool
    image: str | None
    drive: str
    drive_id: str
    choices: dict[str, Any]
    extra_drives: list[dict[str, Any]]
    resources: Size
    secrets: list[dict[str, Any]]
    service_account: str | None
    cloud_sql: list[dict[str, Any]]
    ports: list[dict[str, Any]]
    billing_project: str | None
    visibility: dict[str, Any]
    collaborative: bool
    max_lifetime: int | None
    env: dict[str, str]
    custom_yaml: bool
    idle_timeout: int
    idle: dict[str, Any]
    expires_at: datetime | None
    lifetime_ends_at: datetime | None
    used: UsedNow | None
    created_at: datetime
    started_at: datetime | None
    ready_at: datetime | None
    ended_at: datetime | None
    ended_by: str | None
    ended_by_kind: Literal["person", "service", "part"] | None
    problem: str | None
    cost: dict[str, Any] | None
    explanation: Explanation | None
    progress: dict[str, Any] | None
    access: dict[str, Any]
    urls: dict[str, str | None] | None
    allowed: dict[str, bool | str]
    origin: Literal["new", "clone", "restart", "reforge", "template", "hub"]
    parent: str | None
    archived: bool
    version: int
    revision: int


class SessionPage(BaseModel):
    """A page of a list; `total` stops at 1,000."""

    items: list[SessionOut]
    total: int
    total_is_capped: bool
    next: str | None
    prev: str | None


class CloneOut(BaseModel):
    """A filled launch request, and what had to differ from the session it comes from."""

    request: dict[str, Any]
    changes: list[dict[str, Any]]


class ChronicleLine(BaseModel):
    """One line of a session's story."""

    n: int
    at: datetime
    actor: str
    actor_kind: Literal["person", "service", "part"]
    on_behalf_of: str | None
    event: str
    sentence: str
    times: list[TimeInSentence]
    data: dict[str, Any]


class Chronicle(BaseModel):
    """A session's story, oldest line first."""

    items: list[ChronicleLine]


class ActivityOut(BaseModel):
    """The idle clock after a report."""

    idle: dict[str, Any]

"""The types of a launch request's fields, each with the sentence that a wrong value gets."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from .paths import check_mount_path
from .quantities import check_quantity

NAME_LENGTH: Final = 40
TEXT_LENGTH: Final = 256
YAML_BYTES: Final = 64 * 1024
DRIVE_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")
ENVIRONMENT_NAME: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9])?")
CLOUD_SQL_INSTANCE: Final = re.compile(
    r"[a-z][a-z0-9:.-]{0,126}:[a-z0-9-]{1,63}:[a-z][a-z0-9-]{0,97}"
)
ENV_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_OBJECT_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
_IMAGE: Final = re.compile(
    r"(?:[a-z0-9]+(?:[.-][a-z0-9]+)*(?::[0-9]{1,5})?/)?"
    r"[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*)*"
    r"(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(?:@sha256:[0-9a-f]{64})?"
)
_BIDI: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_CONTROL: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})


def has_control_characters(text: str) -> bool:
    """Tell whether text holds control, surrogate, line break or bidirectional characters."""
    return any(char in _BIDI or unicodedata.category(char) in _CONTROL for char in text)


def _plain(text: str) -> str:
    if has_control_characters(text):
        raise ValueError("Leave out control characters.")
    return text


def _name(text: str) -> str:
    text = _plain(text).strip()
    if len(text) > NAME_LENGTH:
        raise ValueError(f"Use at most {NAME_LENGTH} characters.")
    return text


def _matching(pattern: re.Pattern[str], sentence: str) -> AfterValidator:
    def check(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(sentence)
        return text

    return AfterValidator(check)


def _idle_timeout(seconds: int) -> int:
    if seconds != -1 and seconds < 60:
        raise ValueError("Choose at least 60 seconds, or -1 for never.")
    if seconds > 366 * 86_400:
        raise ValueError("Choose at most a year, or -1 for never.")
    return seconds


def _image(text: str) -> str:
    if len(text) > 512 or not _IMAGE.fullmatch(text):
        raise ValueError("Use a form like registry.example.org/team/image:1.2.")
    return text


def _yaml(text: str) -> str:
    if len(text.encode("utf-8", "surrogatepass")) > YAML_BYTES:
        raise ValueError("Keep the YAML under 64 kB.")
    return _without_nul(text)


def _env_value(text: str) -> str:
    # The system takes no variable above 128 kB.
    if len(text.encode("utf-8", "surrogatepass")) > YAML_BYTES:
        raise ValueError("Keep the value under 64 kB.")
    return _without_nul(text)


def _without_nul(text: str) -> str:
    if any(unicodedata.category(char) == "Cs" or char == "\0" for char in text):
        raise ValueError("Leave out control characters.")
    return text


def each_once(what: str, attribute: str) -> AfterValidator:
    """Refuse a list that holds two entries with the same attribute."""

    def check(entries: tuple[BaseModel, ...]) -> tuple[BaseModel, ...]:
        counted = Counter(getattr(entry, attribute) for entry in entries)
        for value, count in counted.items():
            if count > 1:
                raise ValueError(f"The {what} ‘{value}’ is there twice; name it once.")
        return entries

    return AfterValidator(check)


def _as_tuple(value: object) -> object:
    """Take JSON arrays where a tuple is kept."""
    return tuple(value) if isinstance(value, list) else value


Plain = Annotated[str, Field(max_length=TEXT_LENGTH), AfterValidator(_plain)]
Name = Annotated[str, AfterValidator(_name)]
EnvironmentName = Annotated[
    str,
    _matching(
        ENVIRONMENT_NAME, "Use the name of an environment as the list of environments has it."
    ),
]
DriveReference = Annotated[
    str,
    _matching(DRIVE_NAME, "Use lower case letters, digits and hyphens, up to 40 characters."),
]
ObjectName = Annotated[
    str, _matching(_OBJECT_NAME, "Use a name as the list offers it: lower case, digits, - and .")
]
EnvName = Annotated[
    str, _matching(ENV_NAME, "Use letters, digits and underscores; start with no digit.")
]
EnvValue = Annotated[str, Field(max_length=32_768), AfterValidator(_env_value)]
IdleTimeout = Annotated[int, AfterValidator(_idle_timeout)]
Lifetime = Annotated[int, Field(ge=60, le=366 * 86_400)]
Image = Annotated[str, AfterValidator(_image)]
YamlText = Annotated[str, AfterValidator(_yaml)]
MountPath = Annotated[str, AfterValidator(check_mount_path)]
Quantity = Annotated[str, AfterValidator(check_quantity)]
PortNumber = Annotated[int, Field(ge=1, le=65_535)]


class Part(BaseModel):
    """A piece of a launch request: immutable, strict, without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ExtraDrive(Part):
    """One more drive and where it appears in the session's home."""

    drive: DriveReference
    path: MountPath
    read_only: bool = False


class Resources(Part):
    """How much of the machine a session may use, as Kubernetes quantities; `gpu` is a count."""

    cpu: Quantity | None = None
    memory: Quantity | None = None
    gpu: Annotated[int, Field(ge=0, le=64)] | None = None


class Secret(Part):
    """A secret by name, never by value."""

    name: ObjectName
    as_: Annotated[Literal["env", "files", "both"], Field(alias="as")] = "env"
    path: MountPath | None = None


class CloudSql(Part):
    """A Cloud SQL instance, `project:region:instance`, on a local port."""

    instance: Annotated[
        str,
        _matching(
            CLOUD_SQL_INSTANCE,
            "Use the form project:region:instance.",
        ),
    ]
    port: PortNumber | None = None


class Port(Part):
    """A program's door inside a session."""

    number: PortNumber
    protocol: Literal["TCP", "UDP"] = "TCP"
    name: Annotated[str, Field(max_length=63), AfterValidator(_plain)] | None = None


class Visibility(Part):
    """Who may open a session, and what they may do in it."""

    level: Literal["private", "users", "groups", "everyone", "link"] = "private"
    may: Literal["use", "look"] = "use"
    users: Annotated[tuple[Plain, ...], BeforeValidator(_as_tuple), Field(max_length=100)] = ()
    groups: Annotated[tuple[Plain, ...], BeforeValidator(_as_tuple), Field(max_length=100)] = ()
    until: Plain | None = None

"""`LaunchRequest`: the same object behind the form, REST, the hub's own doors and the record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from .fields import (
    CloudSql,
    DriveReference,
    EnvironmentName,
    EnvName,
    EnvValue,
    ExtraDrive,
    IdleTimeout,
    Image,
    Lifetime,
    Name,
    ObjectName,
    Part,
    Plain,
    Port,
    Resources,
    Secret,
    Visibility,
    YamlText,
    _as_tuple,
    each_once,
)

REQUEST_VERSION: Final = 1


class RequestError(Exception):
    """A launch request with wrong fields: a map from path (`ports.1.number`) to a sentence."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{path}: {text}" for path, text in fields.items()))
        self.fields = dict(fields)


class Unlisted(Part):
    """A choice of one's own where an environment's option allows it."""

    unlisted: Plain


class LaunchRequest(Part):
    """What somebody chose; see design section 5 for the meaning of each field."""

    name: Name | None = None
    environment: EnvironmentName
    choices: Annotated[dict[EnvironmentName, Plain | Unlisted], Field(max_length=50)] = {}
    image: Image | None = None
    idle_timeout: IdleTimeout = 900
    max_lifetime: Lifetime | None = None
    drive: DriveReference = "default"
    extra_drives: Annotated[
        tuple[ExtraDrive, ...],
        BeforeValidator(_as_tuple),
        Field(max_length=20),
        each_once("path", "path"),
    ] = ()
    resources: Resources | None = None
    secrets: Annotated[
        tuple[Secret, ...],
        BeforeValidator(_as_tuple),
        Field(max_length=50),
        each_once("secret", "name"),
    ] = ()
    service_account: ObjectName | None = None
    cloud_sql: Annotated[
        tuple[CloudSql, ...],
        BeforeValidator(_as_tuple),
        Field(max_length=10),
        each_once("instance", "instance"),
    ] = ()
    ports: Annotated[
        tuple[Port, ...],
        BeforeValidator(_as_tuple),
        Field(max_length=50),
        each_once("port", "number"),
    ] = ()
    billing_project: Plain | None = None
    visibility: Visibility = Visibility()
    collaborative: bool = False
    env: Annotated[dict[EnvName, EnvValue], Field(max_length=100)] = {}
    pod_overrides: YamlText | None = None
    pod_spec: YamlText | None = None
    cloned_from: Plain | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> LaunchRequest:
        if self.pod_overrides is not None and self.pod_spec is not None:
            raise ValueError("Give pod_overrides or pod_spec, not both.")
        return self


FIELD_DEFAULTS: Final[Mapping[str, Any]] = MappingProxyType(
    {
        name: field.default
        for name, field in LaunchRequest.model_fields.items()
        if not field.is_required()
    }
)

# What the field of an error says when pydantic's own words would not help a person.
_SENTENCES: Final = {
    "missing": "This field is required.",
    "extra_forbidden": "There is no such field; leave it out.",
    "int_type": "Use a whole number, without quotes.",
    "string_type": "Use a text.",
    "string_unicode": "Leave out control characters.",
    "bool_type": "Use true or false.",
    "tuple_type": "Use a list.",
    "dict_type": "Use an object.",
    "model_type": "Use an object.",
    "model_attributes_type": "Use an object.",
    "too_long": "Use fewer entries.",
    "string_too_long": "Use a shorter text.",
    "greater_than_equal": "Use {ge} or more.",
    "less_than_equal": "Use {le} or less.",
    "literal_error": "Use one of {expected}.",
}


def sentence_of(error: Mapping[str, Any]) -> str:
    """Return what to change, from one pydantic error."""
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    template = _SENTENCES.get(error["type"])
    return template.format_map(error.get("ctx", {})) if template else f"{error['msg']}."


def fields_of(error: ValidationError) -> dict[str, str]:
    """Return path → sentence of a pydantic error; an error of the whole is at `` (empty)."""
    found: dict[str, str] = {}
    for item in error.errors(include_url=False, include_input=False):
        path = ".".join(str(part) for part in _path_of(item["loc"]))
        found.setdefault(path, sentence_of(item))
    return found


def _path_of(loc: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Return the path that a person sent: without key markers and a choice's union branches."""
    if loc[:1] == ("choices",):
        # choices, option, branch of `Plain | Unlisted`, and what is inside of it
        loc = (*loc[:2], *loc[3:])
    return tuple(part for part in loc if part != "[key]")


def parse_request(data: object, *, defaults: Mapping[str, Any] | None = None) -> LaunchRequest:
    """Check data (from JSON) whole and return the request.

    `defaults` fill fields that are absent, as for the hub's own doors. Raises `RequestError`.
    """
    if not isinstance(data, Mapping):
        raise RequestError({"": "Send a JSON object with the fields of a launch request."})
    filled = {**(defaults or {}), **data}
    try:
        return LaunchRequest.model_validate(filled)
    except ValidationError as error:
        raise RequestError(fields_of(error)) from None


def to_stored(request: LaunchRequest) -> dict[str, Any]:
    """Return the JSON object that is kept: the fields that differ from their default, versioned."""
    body = request.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {"version": REQUEST_VERSION, **body, "environment": request.environment}


def lift_stored(stored: Mapping[str, Any]) -> LaunchRequest:
    """Return the request of a stored object of this version or an older one.

    Raises `RequestError` for a version that this code does not know.
    """
    body = dict(stored)
    version = body.pop("version", None)
    if type(version) is not int or version != REQUEST_VERSION:
        raise RequestError({"version": f"Requests of version {version} are not known here."})
    return parse_request(body)


def digest_of(request: LaunchRequest) -> str:
    """Return the SHA-256 (hex) of the request's canonical JSON."""
    body = json.dumps(to_stored(request), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(body.encode()).hexdigest()

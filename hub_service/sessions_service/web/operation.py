"""An operation: one method of one address, as data for handler, OpenAPI and tests."""

from __future__ import annotations

import functools
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from sessions_spawner.request.fields import has_control_characters
from sessions_spawner.request.launch import fields_of

from ..identity.may import Action
from .errors import NotJson, NotThere, TooLarge, WrongFields, WrongType, wrong_fields

if TYPE_CHECKING:
    from .handler import ApiHandler

MOST_BODY_BYTES = 256 * 1024
_MOST_DEPTH = 40


@dataclass(frozen=True)
class Operation:
    """What an operation takes and answers; `needs` is what the visitor must be allowed at all.

    `reads` is the body of a handler that parses it by itself; `also` are other statuses of
    success, with the same answer. `headers` are those that change what it does, with a sentence.
    """

    summary: str
    needs: Action
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    body_is_optional: bool = False
    reads: type[BaseModel] | None = None
    answer: type[BaseModel] | None = None
    status: int = 200
    also: tuple[int, ...] = ()
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


def operation(
    summary: str, needs: Action, **more: Any
) -> Callable[[Callable[..., Awaitable[Any]]], Callable[..., Awaitable[None]]]:
    """Make a handler's method an operation: identify, allow, parse, call, answer."""
    described = Operation(summary=summary, needs=needs, **more)

    def decorate(method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[None]]:
        @functools.wraps(method)
        async def run(handler: ApiHandler, *path: str) -> None:
            await handler.identify()
            handler.require(described.needs)
            if any(has_control_characters(part) for part in path):
                raise NotThere("There is no such address.")
            parsed: list[Any] = []
            if described.query is not None:
                parsed.append(parse_query(described.query, handler.request.query_arguments))
            elif handler.request.query_arguments:
                name = next(iter(handler.request.query_arguments))
                raise WrongFields(
                    f"{name}: There is no such query parameter; leave it out.",
                    fields={name: "There is no such query parameter; leave it out."},
                )
            if described.body is not None:
                data = read_json(handler, may_be_empty=described.body_is_optional)
                parsed.append(parse_body(described.body, data))
            answer = await method(handler, *path, *parsed)
            if answer is not None:
                handler.answer(answer, described.status)

        run.operation = described  # type: ignore[attr-defined]
        return run

    return decorate


def parse_query(model: type[BaseModel], given: dict[str, list[bytes]]) -> BaseModel:
    """Return the query as the model says. Raises `WrongFields`."""
    values: dict[str, Any] = {}
    for name, raw in given.items():
        try:
            texts = [one.decode("utf-8") for one in raw]
        except UnicodeDecodeError:
            raise wrong_fields({name: "Use UTF-8."}) from None
        if any(ord(char) < 32 or ord(char) == 127 for text in texts for char in text):
            raise wrong_fields({name: "Leave out control characters."})
        field = model.model_fields.get(name)
        is_list = field is not None and _is_sequence(field.annotation)
        if not is_list and len(texts) > 1:
            raise wrong_fields({name: "Give this parameter once."})
        values[name] = tuple(texts) if is_list else texts[0]
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise wrong_fields(fields_of(error)) from None


def parse_body(model: type[BaseModel], data: object) -> BaseModel:
    """Return the body as the model says. Raises `WrongFields`."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise wrong_fields(fields_of(error)) from None


def read_json(handler: ApiHandler, *, may_be_empty: bool = False) -> Any:
    """Return the body as JSON data. Raises `NotJson`, `TooLarge`, `WrongType`."""
    raw = handler.request.body
    if len(raw) > MOST_BODY_BYTES:
        raise TooLarge(f"The body is too large; send at most {MOST_BODY_BYTES // 1024} kB.")
    if not raw and may_be_empty:
        return {}
    content_type = handler.request.headers.get("Content-Type", "").partition(";")[0].strip()
    if content_type.lower() != "application/json":
        raise WrongType("Send the body as application/json.")
    try:
        text = raw.decode("utf-8")
        data = json.loads(text, object_pairs_hook=_no_key_twice, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise NotJson("The body is no JSON; send one object in UTF-8, every key once.") from None
    if _depth_of(data) > _MOST_DEPTH:
        raise NotJson(f"The body is nested deeper than {_MOST_DEPTH} levels.")
    return data


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _depth_of(data: Any) -> int:
    depth, level = 0, [data]
    while level and depth <= _MOST_DEPTH:
        depth += 1
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
    return depth


def _is_sequence(annotation: Any) -> bool:
    return get_origin(annotation) in (tuple, list) or any(
        get_origin(one) in (tuple, list) for one in get_args(annotation)
    )

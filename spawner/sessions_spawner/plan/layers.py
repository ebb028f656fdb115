"""Layers of an environment's settings: its own and each choice's, merged as KubeSpawner does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..request import LaunchRequest
from ..request.environments import BadProfile, Environment
from ..request.launch import Unlisted
from ..request.options import Choice, Override


@dataclass(frozen=True)
class Layer:
    """The settings that one choice brings, and what the choice is called."""

    origin: str
    override: Override = field(repr=False)


# Keeps typed text itself in a setting of that name, however the spawner reads the setting.
Literal = Callable[[str, str], str]


def _as_typed(_setting: str, text: str) -> str:
    return text


@dataclass(frozen=True)
class Merged:
    """All layers on top of each other; `origins` says which layer had the last word on a key.

    `env` maps a variable to its value, or to None if it is to be removed; its origins are under
    `environment.NAME`.
    """

    values: Mapping[str, Any]
    env: Mapping[str, str | None]
    origins: Mapping[str, str]


def layers_of(
    request: LaunchRequest, environment: Environment, literal: Literal = _as_typed
) -> tuple[Layer, ...]:
    """Return the environment's own layer, then its options' in their order.

    An option that the request does not name has its default. Raises `BadProfile` for a template
    that cannot be filled.
    """
    whole = f"environment ‘{environment.name}’"
    options = (
        Layer(
            f"option ‘{choice.name}’ of {whole}",
            _override_of(request, environment, choice, literal),
        )
        for choice in environment.choices
    )
    return (Layer(whole, environment.override), *options)


def _override_of(
    request: LaunchRequest, environment: Environment, choice: Choice, literal: Literal
) -> Override:
    value = request.choices.get(choice.name, choice.default)
    if isinstance(value, Unlisted):
        try:
            filled: Override = {
                key: _fill(template, literal(key, value.unlisted))
                for key, template in choice.own_override.items()
            }
        except (ValueError, LookupError, AttributeError) as error:
            raise BadProfile(
                f"profile_list entry ‘{environment.title}’, {choice.name}.unlisted_choice: its "
                f"settings cannot be filled ({error})."
            ) from None
        return filled
    return choice.overrides.get(value, {}) if value is not None else {}


class _Kept(dict[str, str]):
    """Leaves placeholders that are not ours as they are."""

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


def _fill(template: Any, value: str) -> Any:
    """Put the value in the place of `{value}`, in keys and values of any depth."""
    if isinstance(template, str):
        return template.format_map(_Kept(value=value))
    if isinstance(template, list | tuple):
        return [_fill(one, value) for one in template]
    if isinstance(template, set):
        return {_fill(one, value) for one in template}
    if isinstance(template, Mapping):
        return {_fill(key, value): _fill(one, value) for key, one in template.items()}
    return template


def merge(layers: Iterable[Layer]) -> Merged:
    """Put the layers on top of each other.

    A later value replaces an earlier one; a dictionary updates it, and None removes its key.
    """
    values: dict[str, Any] = {}
    env: dict[str, str | None] = {}
    origins: dict[str, str] = {}
    for layer in layers:
        for key, value in layer.override.items():
            if key == "environment":
                for name, text in (value or {}).items():
                    env[str(name)] = None if text is None else str(text)
                    origins[f"environment.{name}"] = layer.origin
                given = {name: _variable(text) for name, text in (value or {}).items()}
                if left := _updated(values.get(key) or {}, given):
                    values[key] = left
                continue
            before = values.get(key)
            both = isinstance(value, Mapping) and isinstance(before, Mapping)
            values[key] = _updated(before or {}, value) if both else value
            origins[key] = layer.origin
    return Merged(values, env, origins)


def _variable(value: Any) -> Any:
    """Return a variable's value as KubeSpawner takes it: a number as text."""
    return value if value is None or isinstance(value, str | Mapping) else str(value)


def _updated(before: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(before)
    for key, value in more.items():
        if isinstance(value, Mapping):
            inner = found.get(key)
            found[key] = _updated(inner if isinstance(inner, Mapping) else {}, value)
        elif value is None:
            found.pop(key, None)
        else:
            found[key] = value
    return found

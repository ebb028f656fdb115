"""`jupyterhub-sessions settings`: the reference of the administrator's settings, as Markdown."""

from __future__ import annotations

import importlib.util
import inspect
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from traitlets import Bool, Callable, Float, Integer, List, TraitType, Unicode, Union
from traitlets.config import Configurable

from sessions_spawner.local.spawner import LocalSessionSpawner
from sessions_spawner.mixin import SessionSpawner
from sessions_spawner.settings import SETTINGS

_EXAMPLE: Final = re.compile(r"\s*Example: ``(.+?)``\.?\s*$", re.DOTALL)
_KINDS: Final[tuple[tuple[type[TraitType[Any, Any]], str], ...]] = (
    (Bool, "`True` or `False`"),
    (Integer, "a whole number"),
    (Float, "a number"),
    (List, "a list"),
    (Callable, "a function"),
    (Unicode, "a text"),
)
_HEAD: Final = """# Settings

<!-- Generated from the code by `make docs`; changes here are lost. -->

These go into `jupyterhub_config.py`, above the line `configure(c)`. `jupyterhub-sessions settings`
prints this page for the version that is installed. The other settings of JupyterHub's local
spawner, such as `c.LocalSessionSpawner.start_timeout`, and of KubeSpawner, such as
`c.KubeSpawner.image`, are in their own documentation.
"""


def print_reference() -> int:
    """Print the reference; return the exit code."""
    print(make_reference(), end="")
    return 0


def write_reference(path: Path) -> None:
    """Write the reference into a file."""
    path.write_text(make_reference(), encoding="utf-8")


def make_reference() -> str:
    """Return the reference: one section a class, one heading a setting."""
    sections = [_make_section(owner, settings) for owner, settings in all_settings()]
    return "\n".join([_HEAD, *sections])


def all_settings() -> Iterator[tuple[type[Configurable], Mapping[str, TraitType[Any, Any]]]]:
    """Give each class with the settings that are its own; the spawner's with its mixin's."""
    for owner in SETTINGS:
        yield owner, owner.class_own_traits(config=True)
    mixed = SessionSpawner.class_own_traits(config=True)
    yield LocalSessionSpawner, {**mixed, **LocalSessionSpawner.class_own_traits(config=True)}
    if importlib.util.find_spec("kubespawner"):  # where its packages are installed
        from sessions_spawner.kubernetes.spawner import KubeSessionSpawner

        yield KubeSessionSpawner, KubeSessionSpawner.class_own_traits(config=True)


def example_of(trait: TraitType[Any, Any]) -> str:
    """Return the example in a setting's help, or an empty text."""
    found = _EXAMPLE.search(trait.help or "")
    # In the house's form, which `make lint` asks of pages too.
    return found[1].replace("'", '"') if found else ""


def _make_section(owner: type, settings: Mapping[str, TraitType[Any, Any]]) -> str:
    parts = [f"## {owner.__name__}\n", f"{inspect.getdoc(owner)}\n"]
    parts += [_make_entry(owner.__name__, name, settings[name]) for name in sorted(settings)]
    return "\n".join(parts)


def _make_entry(owner: str, name: str, trait: TraitType[Any, Any]) -> str:
    text = _EXAMPLE.sub("", trait.help or "").replace("``", "`").strip()
    kind = _say_kind(trait)
    lines = [f"### `c.{owner}.{name}`", "", text, ""]
    lines += [f"{kind[0].upper()}{kind[1:]}; by default `{_say_default(trait)}`.", ""]
    if example := example_of(trait):
        lines += ["```python", example, "```", ""]
    return "\n".join(lines)


def _say_kind(trait: TraitType[Any, Any]) -> str:
    if isinstance(trait, Union):
        return " or ".join(_say_kind(one) for one in trait.trait_types)
    kind = next((text for cls, text in _KINDS if isinstance(trait, cls)), trait.info())
    kind += _say_bounds(getattr(trait, "min", None), getattr(trait, "max", None))
    return f"{kind}, or `None`" if trait.allow_none else kind


def _say_bounds(least: float | None, most: float | None) -> str:
    has_least = least is not None and math.isfinite(least)
    if most is not None and math.isfinite(most):
        return f" from {least} to {most}" if has_least else f" of {most} or less"
    return f" of {least} or more" if has_least else ""


def _say_default(trait: TraitType[Any, Any]) -> str:
    # A union has no default of its own: its first type's counts.
    one = trait.trait_types[0] if isinstance(trait, Union) else trait
    return str(one.default_value_repr())

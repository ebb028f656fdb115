"""Make the form from one autoescaping template; typed values are kept within the request only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from typing import Final

from jinja2 import Environment, PackageLoader

from ..request.environments import Environment as SessionEnvironment
from ..request.environments import default_of

# What was typed in this very request: another person's form never sees it. Used once.
_typed: ContextVar[dict[str, str] | None] = ContextVar("typed", default=None)
_templates: Final = Environment(loader=PackageLoader("sessions_spawner.form"), autoescape=True)


def keep_typed(values: Mapping[str, str]) -> None:
    """Keep what was typed for the form that this request shows again; never variables."""
    _typed.set({name: text for name, text in values.items() if name != "variables"})


def make_form(
    environments: Sequence[SessionEnvironment],
    drives: Sequence[str],
    presets: Sequence[int],
    default_timeout: int,
    room: str,
) -> str:
    """Return the form's HTML; `room` is a sentence on what is left of the limit."""
    typed = _typed.get() or {}
    _typed.set(None)
    default = default_of(environments)
    chosen = {
        "environment": default.name if default else "",
        "idle_timeout": str(default_timeout),
        "drive": "default",
        **typed,
    }
    timeouts = [(str(seconds), say_timeout(seconds)) for seconds in presets]
    return _templates.get_template("form.html").render(
        environments=environments,
        sizes={one.name: say_size(one) for one in environments},
        drives=[(name, "your default" if name == "default" else name) for name in drives],
        timeouts=timeouts,
        chosen=chosen,
        room=room,
    )


def say_timeout(seconds: int) -> str:
    """Return an idle timeout as the form offers it."""
    if seconds == -1:
        return "Unlimited"
    return f"{seconds // 3600} h" if seconds % 3600 == 0 else f"{seconds // 60} min"


def say_size(environment: SessionEnvironment) -> str:
    """Return an environment's size in words, as far as it has one."""
    parts = [f"{environment.cpu} CPU"] if environment.cpu else []
    if environment.memory:
        parts.append(environment.memory.replace("Gi", " GiB").replace("Mi", " MiB"))
    return " · ".join(parts)

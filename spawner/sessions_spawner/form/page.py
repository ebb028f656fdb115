"""Make the form from autoescaping templates, one a field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from jinja2 import Environment, PackageLoader

from ..policy.attachments import IMAGE_RIGHT
from ..policy.facts import Facts
from ..policy.own_yaml import POD_SPEC_RIGHT
from ..request.environments import Environment as SessionEnvironment
from ..request.environments import default_of
from .fields import DRIVE_ROWS, FIELDS, LIFE_UNIT, LIFE_UNITS, PORT_ROWS
from .typed import Typed, take_typed

_templates: Final = Environment(
    loader=PackageLoader("sessions_spawner.form"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
_OF_BEFORE: Final = (
    "This is what you typed before. Values of variables and YAML were not kept: type them again."
)
_NO_IMAGE: Final = "You may not choose an image of your own. An administrator can allow it."
_WAYS: Final = {"env": "as variables", "files": "as files", "both": "as both"}


@dataclass(frozen=True)
class FormTerms:
    """What a form offers beside what the rules know, and how it begins.

    `drives` maps a person's drives to what is said of each. `room` is a sentence on what is left
    of the limit, `trouble` one on why environments or offers cannot be read. `before` is what was
    typed in an earlier request, for a start that did not come to be.
    """

    drives: Mapping[str, str] = field(default_factory=lambda: {"default": ""})
    presets: Sequence[int] = (900,)
    default_timeout: int = 900
    room: str = ""
    trouble: str = ""
    before: Typed = field(default_factory=Typed)


def make_form(facts: Facts, terms: FormTerms) -> str:
    """Return the form's HTML, filled with what this request typed before."""
    typed = take_typed()
    is_of_before = not typed.values and bool(terms.before.values)
    typed = terms.before if is_of_before else typed
    environments = list(facts.environments.values())
    chosen, notes = _choose(environments, typed)
    seconds, minutes = _idle(typed, terms)
    drive, new_drive = _drive(typed, terms)
    return _templates.get_template("form.html").render(
        fields=[one for one in FIELDS if one.key != "pod_overrides" or _may_write_yaml(facts)],
        notes=[note for note in (terms.trouble, is_of_before and _OF_BEFORE, *notes) if note],
        why_not=_why_not(facts),
        typed=typed,
        environments=environments,
        chosen=chosen,
        sizes={one.name: say_size(one) for one in environments},
        bounds=_bounds(facts),
        offers=facts.offers,
        ways=_WAYS,
        timeouts=[(one, say_timeout(one), _why_not_idle(one, facts)) for one in terms.presets],
        idle={"seconds": seconds, "minutes": minutes},
        drives=terms.drives,
        drive=drive,
        new_drive=new_drive,
        drive_rows=range(1, DRIVE_ROWS + 1),
        port_rows=range(1, PORT_ROWS + 1),
        life_units=list(LIFE_UNITS),
        life_unit=typed.one("lifetime_unit", LIFE_UNIT),
        room=terms.room,
        is_open=_is_advanced(typed),
    )


def _choose(environments: Sequence[SessionEnvironment], typed: Typed) -> tuple[str, list[str]]:
    """Return the environment that is chosen at first, and what is said of a link's wishes."""
    default = default_of(environments)
    wanted = typed.one("environment")
    notes = [
        f"‘{name[:40]}’ from the link is not on this form: left out." for name in typed.unknown
    ]
    if default is None or not wanted:
        return (default.name if default else ""), notes
    if wanted not in {one.name for one in environments}:
        notes.insert(0, f"There is no environment ‘{wanted}’ here: {default.title} is chosen.")
        return default.name, notes
    return wanted, notes


def _idle(typed: Typed, terms: FormTerms) -> tuple[str, str]:
    """Return the preset that is chosen, and minutes of one's own: a link may name any seconds."""
    seconds = typed.one("idle_timeout", str(terms.default_timeout)).strip()
    minutes = typed.one("idle_minutes")
    if seconds in {str(one) for one in terms.presets} or minutes:
        return seconds, minutes
    is_number = seconds.isascii() and seconds.isdigit() and len(seconds) < 10
    return "", str(max(1, int(seconds) // 60)) if is_number else ""


def _drive(typed: Typed, terms: FormTerms) -> tuple[str, str]:
    """Return the drive that is chosen, and the name of a new one: a link may name any."""
    wanted = typed.one("drive", "default")
    if wanted in terms.drives:
        return wanted, typed.one("new_drive")
    return "default", typed.one("new_drive") or wanted


def _why_not(facts: Facts) -> dict[str, str]:
    """Return field → why the person may not use it."""
    may_choose_image = IMAGE_RIGHT in facts.rights and facts.offers.images
    return {**({} if may_choose_image else {"image": _NO_IMAGE}), **facts.unsupported}


def _may_write_yaml(facts: Facts) -> bool:
    return facts.can_give("pod_overrides") and POD_SPEC_RIGHT in facts.rights


def _why_not_idle(seconds: int, facts: Facts) -> str:
    if seconds == -1 and not facts.idle_may_be_never:
        return "Unlimited is not open to you."
    most = facts.idle_timeout_max
    is_over = most is not None and (seconds == -1 or seconds > most)
    return f"Your limit is {say_timeout(most)}." if is_over and most is not None else ""


def _bounds(facts: Facts) -> dict[str, str]:
    """Return field → the most that may be asked for, in words; only what is bounded."""
    found = {"cpu": facts.cpu_max, "memory": facts.memory_max and _say_memory(facts.memory_max)}
    if facts.offers.gpu is not None:
        found["gpu"] = str(facts.offers.gpu.most)
    return {name: text for name, text in found.items() if text}


def _is_advanced(typed: Typed) -> bool:
    """Tell whether something is filled in below ‘Advanced’, so that it has to be seen."""
    chosen = ("extra_drive", "extra_path", "secret", "service_account", "cloud_sql")
    return typed.has_any(*chosen, "port_", "billing_project", "variables", "yaml") or bool(
        typed.one("lifetime")
    )


def say_timeout(seconds: int) -> str:
    """Return an idle timeout as the form offers it."""
    if seconds == -1:
        return "Unlimited"
    hours, rest = divmod(seconds, 3600)
    minutes = rest // 60
    return " ".join(
        part for part in (f"{hours} h" * bool(hours), f"{minutes} min" * bool(minutes)) if part
    )


def say_size(environment: SessionEnvironment) -> str:
    """Return an environment's size in words, as far as it has one."""
    parts = [f"{environment.cpu} CPU"] if environment.cpu else []
    if environment.memory:
        parts.append(_say_memory(environment.memory))
    return " · ".join(parts)


def _say_memory(quantity: str) -> str:
    return quantity.replace("Gi", " GiB").replace("Mi", " MiB")


def say_drive(name: str, note: Any) -> str:
    """Return a drive as the form offers it."""
    called = "your default" if name == "default" else name
    return f"{called} – {note}" if note else called


_templates.globals["say_drive"] = say_drive

"""The rules that hold for every kind of session."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from ..durations import say_limit
from ..request import FIELD_DEFAULTS, LaunchRequest
from ..request.environments import Environment
from ..request.launch import Unlisted
from ..request.quantities import parse_quantity
from .facts import Facts
from .refusal import Refusal


def environment_is_offered(request: LaunchRequest, facts: Facts) -> Iterator[Refusal]:
    """Refuse an environment that is not in the owner's list."""
    if request.environment in facts.environments:
        return
    offered = ", ".join(sorted(facts.environments)[:10]) or "none is offered to you"
    yield Refusal(
        "environment",
        f"No environment called ‘{request.environment}’. Choose one of: {offered}.",
    )


def choices_exist(request: LaunchRequest, facts: Facts) -> Iterator[Refusal]:
    """Refuse options that the environment does not have, and values that it does not offer."""
    environment = facts.environments.get(request.environment)
    if environment is None:
        return
    offered = {choice.name: choice for choice in environment.choices}
    for name, value in request.choices.items():
        choice = offered.get(name)
        if choice is None:
            yield Refusal(f"choices.{name}", "This environment has no such option; leave it out.")
        elif isinstance(value, Unlisted):
            if choice.unlisted is None or not choice.unlisted.fullmatch(value.unlisted):
                yield Refusal(f"choices.{name}", "Choose one of the values that are offered.")
        elif value not in choice.values:
            listed = ", ".join(choice.values)
            yield Refusal(f"choices.{name}", f"Choose one of: {listed}.")
    for choice in environment.choices:
        if choice.needs_text and choice.name not in request.choices:
            yield Refusal(f"choices.{choice.name}", "This option has no default; say what to use.")


def fields_are_supported(request: LaunchRequest, facts: Facts) -> Iterator[Refusal]:
    """Refuse a field that this hub cannot give, unless it has its default."""
    for name, sentence in facts.unsupported.items():
        top, _, inner = name.partition(".")
        value = getattr(request, top)
        if inner and isinstance(value, tuple):
            is_asked = any(
                getattr(one, inner) != type(one).model_fields[inner].default for one in value
            )
        elif inner and value is not None:
            is_asked = getattr(value, inner) != type(value).model_fields[inner].default
        else:
            is_asked = value != FIELD_DEFAULTS[top]
        if is_asked:
            yield Refusal(name, sentence)


def idle_timeout_is_allowed(request: LaunchRequest, facts: Facts) -> Iterator[Refusal]:
    """Refuse an idle timeout above the administrator's bound; never is above every bound."""
    most, is_never = facts.idle_timeout_max, request.idle_timeout == -1
    if most is not None and (is_never or request.idle_timeout > most):
        yield Refusal("idle_timeout", f"Your limit is {say_limit(most)}.")
    elif is_never and not facts.idle_may_be_never:
        yield Refusal("idle_timeout", "Sessions without an idle timeout are not allowed here.")


def lifetime_is_allowed(request: LaunchRequest, facts: Facts) -> Iterator[Refusal]:
    """Refuse a longest life above the administrator's bound; without one, the bound is taken."""
    most = facts.lifetime_max
    if most is not None and request.max_lifetime is not None and request.max_lifetime > most:
        yield Refusal("max_lifetime", f"Your limit is {say_limit(most)}.")


def environment_can_start(request: LaunchRequest, facts: Facts) -> Iterator[Refusal]:
    """Refuse an environment that sets what every session has of its own: nobody would win."""
    environment = facts.environments.get(request.environment)
    for name in variables_set(request, environment) if environment else ():
        if any(fnmatchcase(name, pattern) for pattern in facts.env_reserved):
            sentence = f"It sets {name}, which belongs to the session. Tell the administrator."
            yield Refusal("environment", sentence)


def variables_are_free(request: LaunchRequest, facts: Facts) -> Iterator[Refusal]:
    """Refuse variables that the environment, as it was chosen, sets itself."""
    environment = facts.environments.get(request.environment)
    found = variables_set(request, environment) if environment else {}
    for name in request.env:
        if name in found:
            yield Refusal(f"env.{name}", f"{found[name]} sets this variable; use another name.")


def variables_set(request: LaunchRequest, environment: Environment) -> dict[str, str]:
    """Return the variables that an environment sets with these choices, and what sets each."""
    whole = f"The environment ‘{environment.title}’"
    found = {name: whole for name, is_set in environment.variables.items() if is_set}
    for choice in environment.choices:
        value = request.choices.get(choice.name, choice.default)
        is_own = isinstance(value, Unlisted)
        names = choice.own_variables if is_own else choice.variables.get(str(value), {})
        for name, is_set in names.items():
            found.pop(name, None)
            if is_set:
                found[name] = f"The option ‘{choice.title}’"
    return found


def variables_are_allowed(request: LaunchRequest, facts: Facts) -> Iterator[Refusal]:
    """Refuse variables that would change how the session itself runs."""
    refused = (*facts.env_refused, *facts.env_reserved)
    for name in request.env:
        if any(fnmatchcase(name, pattern) for pattern in refused):
            yield Refusal(f"env.{name}", "This variable belongs to the session; use another name.")


def size_is_allowed(request: LaunchRequest, facts: Facts) -> Iterator[Refusal]:
    """Refuse more CPU or memory than the administrator allows."""
    asked = request.resources
    if asked is None:
        return
    for name, value, most in (
        ("cpu", asked.cpu, facts.cpu_max),
        ("memory", asked.memory, facts.memory_max),
    ):
        if value and most and parse_quantity(value) > parse_quantity(most):
            yield Refusal(f"resources.{name}", f"Ask for {most} or less.")

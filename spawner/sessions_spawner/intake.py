"""From a server's `user_options` to a checked launch request, before anything is made."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from . import hub_line, hub_process
from .plan import Layer, PlanConflict, find_conflict, layers_of
from .policy import Facts, check
from .policy.own_yaml import BadYaml
from .request import LaunchRequest, RequestError, lift_stored
from .request.environments import BadProfile, Environment, default_of, read_profiles
from .request.offers import NO_OFFERS, BadOffer, Offers
from .request.options import check_override, names_in

if TYPE_CHECKING:
    from .mixin import SessionSpawner


@dataclass(frozen=True)
class Checked:
    """A request that breaks no rule, its environment, and that environment's settings.

    `offers` are those to the owner.
    """

    request: LaunchRequest
    environment: Environment
    layers: tuple[Layer, ...]
    offers: Offers = NO_OFFERS


async def list_environments(spawner: SessionSpawner) -> tuple[Environment, ...]:
    """Return the environments that a spawner's user may start. Raises `BadProfile`."""
    profiles = spawner.profile_list
    if callable(profiles):
        try:
            profiles = profiles(spawner)
            if inspect.isawaitable(profiles):
                profiles = await profiles
        except Exception as error:
            spawner.log.exception("profile_list.failed")
            kind = type(error).__name__
            raise BadProfile(f"The function profile_list failed ({kind}).") from None
    return read_profiles(profiles)


async def read_request(spawner: SessionSpawner) -> Checked:
    """Return the checked request behind `user_options`.

    Raises the hub's refusal: options that came through the hub's REST API were not checked.
    """
    environments = await _environments(spawner)
    try:
        request = _parse(spawner, environments)
        rights = hub_line.rights_in_start(spawner, hub_process.SERVICE)
        checked = await check_request(spawner, request, environments, rights)
        await spawner.rehearse(checked)
    except RequestError as error:
        raise hub_line.make_refusal(str(error), "request") from None
    except BadYaml as error:
        raise hub_line.make_refusal(f"{error.field}: {error}", "policy") from None
    return checked


async def check_own(spawner: SessionSpawner, request: LaunchRequest) -> Checked:
    """Return a request as its owner may start it. Raises the hub's refusal."""
    rights = hub_line.rights_of(spawner.user)
    return await check_request(spawner, request, await _environments(spawner), rights)


async def check_request(
    spawner: SessionSpawner,
    request: LaunchRequest,
    environments: Mapping[str, Environment],
    rights: frozenset[str],
) -> Checked:
    """Return a request that breaks no rule. Raises the hub's refusal."""
    try:
        groups = [group.name for group in spawner.user.groups]
        offers = (await spawner.list_offers()).for_groups(groups)
        refusals = check(request, make_facts(spawner, environments, offers, rights))
        if refusals:
            text = "; ".join(f"{one.field}: {one.message}" for one in refusals)
            raise hub_line.make_refusal(text, "policy")
        environment = environments[request.environment]
        layers = layers_of(request, environment, spawner.literal)
        layers = await _call_functions(spawner, environment, layers)
        find_conflict(request, layers, offers)
    except BadProfile as error:
        raise hub_line.make_refusal(str(error), "profile_list") from None
    except BadOffer as error:
        spawner.log.exception("offers.unreadable")
        raise hub_line.make_refusal(f"Tell the administrator: {error}", "offers") from None
    except PlanConflict as conflict:
        raise hub_line.make_refusal(f"{conflict.field}: {conflict}", "conflict") from None
    return Checked(request, environment, layers, offers)


async def facts_for_form(spawner: SessionSpawner) -> tuple[Facts, str]:
    """Return what a person may choose, and a sentence on what could not be read."""
    environments: tuple[Environment, ...] = ()
    offers = NO_OFFERS
    trouble = []
    try:
        environments = await spawner.list_environments()
    except BadProfile as error:
        trouble.append(f"Tell the administrator: {error}")
    try:
        offers = (await spawner.list_offers()).for_groups([one.name for one in spawner.user.groups])
    except BadOffer as error:
        spawner.log.exception("offers.unreadable")
        trouble.append(f"Tell the administrator: {error}")
    named = {one.name: one for one in environments}
    facts = make_facts(spawner, named, offers, hub_line.rights_of(spawner.user))
    return facts, " ".join(trouble)


async def _environments(spawner: SessionSpawner) -> dict[str, Environment]:
    try:
        return {one.name: one for one in await spawner.list_environments()}
    except BadProfile as error:
        raise hub_line.make_refusal(str(error), "profile_list") from None


def _parse(spawner: SessionSpawner, environments: Mapping[str, Environment]) -> LaunchRequest:
    default = default_of(environments.values())
    return lift_stored(
        {
            "version": 1,
            "environment": default.name if default else None,
            "idle_timeout": hub_process.current().idle().default_within,
            **spawner.user_options,
        }
    )


def make_facts(
    spawner: SessionSpawner,
    environments: Mapping[str, Environment],
    offers: Offers,
    rights: frozenset[str],
) -> Facts:
    """Return the facts that the rules look at, from the settings."""
    hub = hub_process.current()
    idle, policy, limits = hub.idle(), hub.policy(), hub.limits()
    return Facts(
        environments=environments,
        unsupported=spawner.unsupported_fields(),
        env_refused=(*policy.env_refused, *spawner.given_variables()),
        env_reserved=spawner.reserved_variables,
        idle_timeout_max=idle.max_seconds,
        idle_may_be_never=idle.may_be_unbounded,
        cpu_max=limits.cpu,
        memory_max=limits.memory,
        offers=offers,
        rights=rights,
    )


async def _call_functions(
    spawner: SessionSpawner, environment: Environment, layers: tuple[Layer, ...]
) -> tuple[Layer, ...]:
    """Call the administrator's functions among the settings, as KubeSpawner does.

    Raises `BadProfile` if one fails, or returns what a setting cannot be.
    """
    found = []
    for layer in layers:
        try:
            override = {key: await _value(spawner, key, v) for key, v in layer.override.items()}
        except Exception as error:
            spawner.log.exception("profile_list.function_failed layer=%s", layer.origin)
            kind = type(error).__name__
            raise BadProfile(
                f"The {layer.origin} cannot be started: a function of its settings failed "
                f"({kind}). Tell the administrator."
            ) from None
        check_override(environment.title, override)
        for name in names_in(override):
            if any(fnmatchcase(name, pattern) for pattern in spawner.reserved_variables):
                raise BadProfile(f"The {layer.origin} sets {name}, which belongs to the session.")
        found.append(replace(layer, override=override))
    return tuple(found)


async def _value(spawner: SessionSpawner, key: str, value: Any) -> Any:
    if callable(value):
        value = value(spawner)
        if inspect.isawaitable(value):
            value = await value
    if key == "environment" and isinstance(value, Mapping):
        return {name: await _variable(spawner, inner) for name, inner in value.items()}
    return value


async def _variable(spawner: SessionSpawner, value: Any) -> Any:
    found = await _value(spawner, "", value)
    # What a function returns is no template.
    is_text = callable(value) and isinstance(found, str)
    return spawner.literal("", found) if is_text else found

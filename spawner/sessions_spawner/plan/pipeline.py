"""The pipeline of contributors: one explicit tuple."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..request import LaunchRequest
from .combine import Plan, combine
from .contributors import drives, environment, identity, resources, variables
from .layers import Layer, merge


@dataclass(frozen=True)
class PlanFacts:
    """What was looked up before the plan is made, so that a plan follows from its request alone.

    `layers` are the environment's settings with every function of the administrator's called.
    """

    session_id: str
    name: str
    layers: tuple[Layer, ...]
    drive_ids: Mapping[str, str]
    activity_url: str


def make_plan(request: LaunchRequest, facts: PlanFacts) -> Plan:
    """Return the plan of a checked request. Raises `PlanConflict`."""
    return combine(
        (
            identity.contribute(facts.session_id, facts.name, facts.activity_url),
            *environment.contribute(request, merge(facts.layers)),
            resources.contribute(request),
            drives.contribute(request, facts.drive_ids),
            variables.contribute(request),
        )
    )


def find_conflict(request: LaunchRequest, layers: tuple[Layer, ...]) -> None:
    """Combine what is known before anything is made. Raises `PlanConflict`."""
    named = {request.drive, *(one.drive for one in request.extra_drives)}
    make_plan(request, PlanFacts("", "", layers, {name: name for name in named}, ""))

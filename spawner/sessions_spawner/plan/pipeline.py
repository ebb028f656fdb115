"""The pipeline of contributors: one explicit tuple."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..request import LaunchRequest
from ..request.environments import Environment
from .combine import Plan, combine
from .contributors import drives, environment, identity, resources, variables


@dataclass(frozen=True)
class PlanFacts:
    """What was looked up before the plan is made, so that a plan follows from its request alone."""

    session_id: str
    name: str
    environment: Environment
    drive_ids: Mapping[str, str]
    activity_url: str


def make_plan(request: LaunchRequest, facts: PlanFacts) -> Plan:
    """Return the plan of a checked request. Raises `PlanConflict`."""
    return combine(
        (
            identity.contribute(facts.session_id, facts.name, facts.activity_url),
            environment.contribute(request, facts.environment),
            resources.contribute(request, facts.environment),
            drives.contribute(request, facts.drive_ids),
            variables.contribute(request),
        )
    )

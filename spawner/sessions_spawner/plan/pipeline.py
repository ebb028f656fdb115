"""The pipeline of contributors: one explicit tuple."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..request import LaunchRequest
from ..request.attached import require_offered
from ..request.offers import NO_OFFERS, Offers
from .combine import Plan, combine
from .contributors import (
    cloud_sql,
    drives,
    environment,
    identity,
    image,
    labels,
    ports,
    resources,
    secrets,
    service_account,
    variables,
)
from .layers import Layer, merge


@dataclass(frozen=True)
class PlanFacts:
    """What was looked up before the plan is made, so that a plan follows from its request alone.

    `layers` are the environment's settings with every function of the administrator's called.
    `offers` are those to the owner. `owner` is the owner's name where sessions are labelled for a
    cluster, else None.
    """

    session_id: str
    name: str
    layers: tuple[Layer, ...]
    drive_ids: Mapping[str, str]
    activity_url: str
    offers: Offers = NO_OFFERS
    owner: str | None = None


def make_plan(request: LaunchRequest, facts: PlanFacts) -> Plan:
    """Return the plan of a checked request. Raises `PlanConflict`.

    Raises `NotOffered` for a request that the rules did not check with these offers.
    """
    require_offered(request, facts.offers)
    return combine(
        (
            identity.contribute(facts.session_id, facts.name, facts.activity_url),
            *environment.contribute(request, merge(facts.layers)),
            image.contribute(request),
            resources.contribute(request, facts.offers.gpu),
            drives.contribute(request, facts.drive_ids),
            *secrets.contribute(request, facts.offers),
            service_account.contribute(request),
            *cloud_sql.contribute(request, facts.offers),
            ports.contribute(request),
            labels.contribute(request, facts.session_id, facts.owner),
            variables.contribute(request),
        )
    )


def find_conflict(
    request: LaunchRequest, layers: tuple[Layer, ...], offers: Offers = NO_OFFERS
) -> None:
    """Combine what is known before anything is made. Raises `PlanConflict`."""
    named = {request.drive, *(one.drive for one in request.extra_drives)}
    make_plan(request, PlanFacts("", "", layers, {name: name for name in named}, "", offers))

"""The share of the variables that somebody typed."""

from __future__ import annotations

from ...request import LaunchRequest
from ..contribution import Contribution


def contribute(request: LaunchRequest) -> Contribution:
    """Return the request's own `env`."""
    return Contribution(origin="env", env=dict(request.env), chosen_by="env")

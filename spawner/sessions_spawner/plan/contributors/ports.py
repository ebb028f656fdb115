"""The share of the ports that are opened from the start."""

from __future__ import annotations

from ...request import LaunchRequest
from ...request.attached import name_of_port
from ..contribution import Contribution, OpenPort


def contribute(request: LaunchRequest) -> Contribution:
    """Return the request's ports, each with a name."""
    return Contribution(
        origin="ports",
        ports=tuple(OpenPort(one.number, name_of_port(one), one.protocol) for one in request.ports),
        chosen_by="ports",
    )

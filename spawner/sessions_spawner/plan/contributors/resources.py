"""The size's share: CPU and memory, as far as the request asks for them."""

from __future__ import annotations

from ...request import LaunchRequest
from ..contribution import Contribution


def contribute(request: LaunchRequest) -> Contribution:
    """Return `cpu` and `memory` as Kubernetes quantities, where they were asked for."""
    asked = request.resources
    sizes = (("cpu", asked.cpu), ("memory", asked.memory)) if asked else ()
    return Contribution(origin="resources", settings={key: value for key, value in sizes if value})

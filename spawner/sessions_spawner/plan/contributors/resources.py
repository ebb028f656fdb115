"""The size's share: CPU and memory, from the request or else from the environment."""

from __future__ import annotations

from ...request import LaunchRequest
from ...request.environments import Environment
from ..contribution import Contribution


def contribute(request: LaunchRequest, environment: Environment) -> Contribution:
    """Return `cpu` and `memory` as Kubernetes quantities, where there is a limit."""
    asked = request.resources
    cpu = (asked.cpu if asked else None) or environment.cpu
    memory = (asked.memory if asked else None) or environment.memory
    settings = {key: value for key, value in (("cpu", cpu), ("memory", memory)) if value}
    return Contribution(origin="resources", settings=settings)

"""The environment's share: what runs, with which variables and how much of the machine."""

from __future__ import annotations

from ...request import LaunchRequest
from ...request.environments import Environment
from ..contribution import Contribution


def contribute(request: LaunchRequest, environment: Environment) -> Contribution:
    """Return the environment's program and variables."""
    override = environment.override
    settings = {
        key: override[key] for key in ("executable", "python") if override.get(key) is not None
    }
    given = override.get("environment") or {}
    variables = {str(key): str(value) for key, value in given.items()}
    return Contribution(
        origin=f"environment ‘{environment.name}’",
        settings=settings,
        env=variables,
        labels={"environment": request.environment},
    )

"""Draft what a session's row is made from, for whoever makes one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sessions_spawner.request import LaunchRequest
from sessions_spawner.request.environments import Environment
from sessions_spawner.wire.messages import Owner

from .checks import effective
from .models import Mount, NewSession


def draft(
    request: LaunchRequest,
    owner: Owner,
    environment: Environment | None,
    /,
    *,
    lifetime_max: int | None,
    **given: Any,
) -> NewSession:
    """Return what a request's session is made from; its drives are found with the row.

    `lifetime_max` is the longest life of one that asks for none. `given` are more fields of
    `NewSession`, or others than those of the request.
    """
    got = effective(request, environment)
    of_request: dict[str, Any] = {
        "owner": owner.name,
        "owner_key": owner.key,
        "environment": request.environment,
        "environment_title": environment.title if environment else request.environment,
        "image": got.image,
        "cpu": got.cpu,
        "memory": got.memory,
        "idle_timeout": request.idle_timeout,
        "max_lifetime": request.max_lifetime or lifetime_max,
        "drive_id": "",
        "drive_name": request.drive,
    }
    return NewSession(**{**of_request, **given})


def with_drives(
    new: NewSession, request: LaunchRequest, ids: Mapping[str, str], home_name: str
) -> NewSession:
    """Give a draft its drives; `ids` are those of all that the request names."""
    mounts = tuple(
        Mount(ids[extra.drive], extra.path, extra.read_only) for extra in request.extra_drives
    )
    return replace(new, drive_id=ids[request.drive], drive_name=home_name, mounts=mounts)

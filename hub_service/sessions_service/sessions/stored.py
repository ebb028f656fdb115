"""What is wrong with a stored request, at a glance: lists show many, and none may fail them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sessions_spawner.request import REQUEST_VERSION

# The keys of a stored request with the type of their values; what has its default is left out.
KINDS: Final[Mapping[str, type]] = {
    "version": int,
    "name": str,
    "environment": str,
    "choices": dict,
    "image": str,
    "idle_timeout": int,
    "max_lifetime": int,
    "drive": str,
    "extra_drives": list,
    "resources": dict,
    "secrets": list,
    "service_account": str,
    "cloud_sql": list,
    "ports": list,
    "billing_project": str,
    "visibility": dict,
    "collaborative": bool,
    "env": dict,
    "sealed_env": str,
    "pod_overrides": str,
    "pod_spec": str,
    "cloned_from": str,
}


def problem_of(request: Mapping[str, Any]) -> str | None:
    """Return why a stored request cannot be read, as a sentence; None if it can."""
    if request.get("version") != REQUEST_VERSION:
        version = request.get("version")
        what = "it is damaged" if version is None else f"its version {version!r:.40} is not known"
        return f"What this session was started with cannot be read: {what}."
    for key, value in request.items():
        if type(value) is not KINDS.get(key):
            return f"What this session was started with cannot be read: see ‘{key:.40}’."
    return None

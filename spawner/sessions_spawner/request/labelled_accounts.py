"""Service accounts that are offered by a label of their own, without a line in the settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from .offers import BadOffer

# Of no domain, since there is none of ours; Kubernetes takes any prefix that looks like one.
LABEL_PREFIX: Final = "jupyterhub-sessions"
# The selector that lists them; nothing else of a cluster's accounts is looked at.
OFFERED: Final = f"{LABEL_PREFIX}/offered=true"

_KEYS: Final = ("title", "description", "groups")


def settings_of_labelled(accounts: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the settings `service_accounts` of ServiceAccount objects that the selector lists.

    Annotations under our prefix say title, description and groups, the groups with commas between.
    Raises `BadOffer` for another annotation there: a misspelt `groups` would offer the account to
    everybody.
    """
    return {str(one["metadata"]["name"]): _settings_of(one["metadata"]) for one in accounts}


def _settings_of(metadata: Mapping[str, Any]) -> dict[str, Any]:
    start = f"{LABEL_PREFIX}/"
    found: dict[str, Any] = {}
    for annotation, text in (metadata.get("annotations") or {}).items():
        if not annotation.startswith(start):
            continue
        key = annotation.removeprefix(start)
        if key not in _KEYS:
            listed = ", ".join(start + one for one in _KEYS)
            raise BadOffer(
                f"service account ‘{metadata['name']}’: there is no annotation ‘{annotation}’; "
                f"use {listed}."
            )
        found[key] = _list_of(metadata["name"], annotation, text) if key == "groups" else text
    return found


def _list_of(name: str, annotation: str, text: str) -> list[str]:
    groups = [part.strip() for part in text.split(",") if part.strip()]
    if not groups:
        raise BadOffer(
            f"service account ‘{name}’, {annotation}: names no group; leave the annotation out to "
            "offer it to everybody."
        )
    return groups

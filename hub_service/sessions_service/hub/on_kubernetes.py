"""Settings of KubeSpawner and the hub with which sessions could not start, told before they do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from traitlets.config import Config

# What a template calls the server by: every session is a server of its own.
_BY_SERVER: Final = re.compile(r"\{(?:\w+_)?(?:servername|user_server)\}")
_CLAIM_TEMPLATE: Final = "claim-{user_server}"


def unserved(config: Config, sections: Iterable[str]) -> Iterator[str]:
    """Give one sentence a setting that has to go; `sections` are those that the spawner reads."""
    if config.JupyterHub.get("internal_ssl"):
        yield (
            "Sessions on Kubernetes have no certificates of the hub's: remove "
            "c.JupyterHub.internal_ssl, and let the cluster's network encrypt between nodes."
        )
    for section in sections:
        settings = config[section]
        if settings.get("enable_user_namespaces"):
            yield (
                f"All sessions are in one namespace: remove c.{section}.enable_user_namespaces, "
                f"and set c.{section}.namespace."
            )
        own = settings.get("pvc_name_template", _CLAIM_TEMPLATE)
        for claim in _claims_of(settings.get("volumes")):
            if claim != own and _BY_SERVER.search(claim):
                yield (
                    f"c.{section}.volumes names the claim ‘{claim}’ by the server, and every "
                    "session is a server of its own: take a drive, or name the claim by {username}."
                )


def _claims_of(volumes: Any) -> list[str]:
    listed = list(volumes.values()) if isinstance(volumes, Mapping) else volumes
    if not isinstance(listed, list):
        return []
    found = [(one.get("persistentVolumeClaim") or {}).get("claimName", "") for one in listed]
    return [str(one) for one in found]

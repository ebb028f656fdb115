"""The administrator's settings as the hub process sends them to the service."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

SNAPSHOT_VERSION: Final = 1


class Door(BaseModel):
    """One way into a session, and why it is not there when it is off."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    is_on: bool = True
    reason: str = ""


class DriveTerms(BaseModel):
    """What drives a person may make; sizes are Kubernetes quantities.

    `size` is that of a drive made without one, None where drives have no size. `storage_classes`
    are the kinds that may be chosen besides the one that is taken without a choice. `total_max` is
    what all drives of a person may have together, None without a bound.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    size: str | None = None
    size_max: str | None = None
    total_max: str | None = None
    storage_class: str | None = None
    storage_classes: tuple[str, ...] = ()
    access_mode: str | None = None


class NavigationItem(BaseModel):
    """A link that the administrator adds to the page's navigation bar."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    href: str


class Snapshot(BaseModel):
    """Everything that the service has to know of `jupyterhub_config.py`.

    `environments` is None when they differ by user and have to be asked for. `offers` are settings
    for `read_offers`, None when they change and have to be asked for. Durations in seconds.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    version: int = SNAPSHOT_VERSION
    environments: list[dict[str, Any]] | None = None
    unsupported: dict[str, str] = {}
    offers: dict[str, Any] | None = {}
    running_limit: int = 10
    drive_limit: int = 20
    requests_per_second: int | None = None
    drive_grace_seconds: int = 7 * 86_400
    drive_terms: DriveTerms = DriveTerms()
    env_refused: tuple[str, ...] = ()
    env_reserved: tuple[str, ...] = ()
    idle_presets: tuple[int, ...] = (900, 1800, 3600, 7200, 43_200, 86_400, -1)
    idle_default: int = 900
    idle_max: int | None = None
    idle_may_be_never: bool = True
    extend_max: int = 86_400
    lifetime_max: int | None = None
    cpu_max: str | None = None
    memory_max: str | None = None
    start_timeout: int = 60
    reconcile_seconds: int = 30
    hub_calls: int = 10
    users_trust_each_other: bool = False
    shared_address: bool = True
    isolates: bool = False
    cluster: bool = False
    email_suffix: str = ""
    doors: dict[str, Door] = {}
    hub_version: str = ""
    announcement: str = ""
    navigation_items: tuple[NavigationItem, ...] = ()

    def digest(self) -> str:
        """Return the SHA-256 (hex) of the settings."""
        body = json.dumps(self.model_dump(mode="json"), sort_keys=True)
        return hashlib.sha256(body.encode()).hexdigest()

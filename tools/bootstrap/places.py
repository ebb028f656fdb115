"""Where things are in the checkout, and where what outlives it is kept."""

from __future__ import annotations

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
BUILD = CHECKOUT / ".build"
WHEELS = BUILD / "wheel"
LOGS = BUILD / "logs"
REQUIREMENTS = CHECKOUT / "requirements"
SOURCE_ROOTS = (
    CHECKOUT / "spawner",
    CHECKOUT / "hub_service",
    CHECKOUT / "labextension_proxy",
)
# What the wheel puts into `share`: the built extension of JupyterLab.
LAB_SHARE = CHECKOUT / "labextension_proxy" / "share"


def cache_folder() -> Path:
    """Return the folder of what all checkouts of a user share: code-server, the proxy."""
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "jupyterhub-sessions"


def state_folder() -> Path:
    """Return the development hub's folder: `STATE`, or `.state` in the checkout."""
    chosen = os.environ.get("STATE")
    return Path(chosen).expanduser().resolve() if chosen else CHECKOUT / ".state"


def cluster_folder() -> Path:
    """Return the test cluster's folder: `CLUSTER_STATE`, or `.cluster` in the checkout."""
    chosen = os.environ.get("CLUSTER_STATE")
    return Path(chosen).expanduser().resolve() if chosen else CHECKOUT / ".cluster"

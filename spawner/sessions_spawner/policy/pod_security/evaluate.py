"""The controls of every level and policy version, asked in the official order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, get_args

from . import host, privileges, profiles, seccomp, system, users, volumes
from .control import Control, Level, Violation
from .pod import Pod

# The newest policy that is known here; a newer version's name means this one, as in Kubernetes.
NEWEST_MINOR: Final = 37
# What "latest" means. From 1.35 on the policy forgives pods in user namespaces, which a node of an
# older cluster may quietly not give, so who has such a cluster names its version.
LATEST_MINOR: Final = 34

_VERSION: Final = re.compile(r"v1\.(0|[1-9][0-9]{0,5})")
_MODULES: Final = (host, privileges, profiles, seccomp, system, users, volumes)

# In the official order: baseline before restricted, each by its id.
CONTROLS: Final[tuple[Control, ...]] = tuple(
    sorted(
        (control for module in _MODULES for control in module.CONTROLS),
        key=lambda control: (control.level, control.id),
    )
)


def evaluate(
    pod: Mapping[str, Any], level: Level, version: str | None = None
) -> tuple[Violation, ...]:
    """Return every violation of a pod, as it would be sent to the API; none means it may pass.

    Of the API's defaulting, what the controls see is done first: a volume without a source is an
    emptyDir, and ports of a pod on its node's network are ports of the node. A value of a wrong
    type breaks each control that would have read it. What no control reads is left to the schema
    check: unknown fields outside volumes, types of other fields, `os` and `hostUsers` of a wrong
    type (which then forgive nothing), and values that only the API's validation refuses.

    Args:
        pod: the manifest, with the API's field names (`securityContext`).
        level: the level to hold it to.
        version: `v1.0` and newer, or `latest` (see `LATEST_MINOR`), which None means too.

    Raises:
        ValueError: for a level or a version that does not exist.
    """
    if level not in get_args(Level):
        named = ", ".join(get_args(Level))
        raise ValueError(f"No Pod Security level {level!r}: use one of {named}.")
    minor = parse_minor(version)
    seen = Pod(pod)
    found = (one for control in controls(level, minor) for one in control.violations(seen, minor))
    return tuple(dict.fromkeys(found))


def parse_minor(version: str | None) -> int:
    """Return the minor version of the policy that a name means.

    Raises:
        ValueError: if the name is neither `latest` nor like `v1.34`.
    """
    if version is None or version == "latest":
        return LATEST_MINOR
    named = _VERSION.fullmatch(version)
    if named is None:
        raise ValueError(f"No Pod Security version {version!r}: write latest, or one like v1.34.")
    return min(int(named[1]), NEWEST_MINOR)


def controls(level: Level, minor: int) -> Iterator[Control]:
    """Give the controls that a pod of this level must satisfy."""
    levels = {"privileged": (), "baseline": ("baseline",)}.get(level, ("baseline", "restricted"))
    asked = [one for one in CONTROLS if one.level in levels and one.since <= minor]
    overridden = {one.overrides for one in asked}
    yield from (one for one in asked if one.id not in overridden)

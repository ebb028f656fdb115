"""What a hub finds of its sessions in a cluster, as it is told to whoever examines the records."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class _Seen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class SeenPod(_Seen):
    """A pod of a session; `run` is its id and generation, as `s1abcdefghij2:1`.

    `is_ours` tells whether it bears this hub's label; `ends_at` is when it has to be gone, None
    for one that is not being deleted.
    """

    name: str
    session: str
    run: str
    is_ours: bool
    ends_at: datetime | None = None


class SeenClaim(_Seen):
    """A claim that is marked as a drive's."""

    name: str
    drive: str
    is_going: bool = False


class MissingRight(_Seen):
    """A right that the hub does not have: such as “create pods”, and what goes wrong without it."""

    right: str
    breaks: str


class ClusterLook(_Seen):
    """What is in the namespace of sessions; None for what the hub may not list.

    `unknown_classes` are storage classes that the settings name and the cluster does not have, as
    far as the hub may know.
    """

    namespace: str
    pods: tuple[SeenPod, ...] | None = None
    claims: tuple[SeenClaim, ...] | None = None
    missing: tuple[MissingRight, ...] = ()
    unknown_classes: tuple[str, ...] = ()

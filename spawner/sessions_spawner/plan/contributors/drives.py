"""The drives' share: the home drive and the extra ones."""

from __future__ import annotations

from collections.abc import Mapping

from ...request import LaunchRequest
from ..contribution import Contribution, Mount


def contribute(request: LaunchRequest, drive_ids: Mapping[str, str]) -> Contribution:
    """Return one mount a drive; `drive_ids` maps what the request names to ids."""
    home = Mount(drive=drive_ids[request.drive])
    extra = tuple(
        Mount(drive=drive_ids[one.drive], path=one.path, read_only=one.read_only)
        for one in request.extra_drives
    )
    return Contribution(origin="drives", mounts=(home, *extra), chosen_by="extra_drives")

"""The extra drives of a local session: attached for its time, and no longer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ..plan import Plan
from ..run import Failure, Run, StartFailed
from ..storage.drives import DriveRefused
from ..storage.folder_drives import FolderDrives
from ..storage.folder_links import link_drive, unlink_drive
from ..wire.messages import PlacedDrive

log = logging.getLogger("jupyterhub.sessions")


async def attach_extras(
    drives: FolderDrives, run: Run, plan: Plan, placed: Mapping[str, PlacedDrive]
) -> None:
    """Have a run's extra drives appear in its home. Raises `StartFailed`, `OSError`."""
    home, *extras = plan.mounts
    names = {drive: name for name, drive in run.drives.items()}
    for mount in extras:
        target = drives.path_of(placed[mount.drive])
        try:
            await asyncio.to_thread(
                link_drive, drives.path_of(placed[home.drive]), mount.path, target
            )
        except DriveRefused as refused:
            words = {"drive": names[mount.drive]}
            raise StartFailed(Failure("volume", str(refused), words=words)) from None


async def detach_extras(root: Path, run: Run, others: Iterable[Run]) -> None:
    """Take away what no other run that goes on has in the same place."""
    kept = {link for one in others for link in _links_of(root, one)}
    for home, path, target in _links_of(root, run):
        if (home, path, target) not in kept:
            try:
                await asyncio.to_thread(unlink_drive, home, path, target)
            except OSError as error:
                log.warning("drive.link_left session=%s error=%s", run.id, error)


def _links_of(root: Path, run: Run) -> Iterator[tuple[Path, str, Path]]:
    for extra in run.request.extra_drives:
        yield root / run.drives[run.request.drive], extra.path, root / run.drives[extra.drive]

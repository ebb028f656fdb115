"""What the addresses of drives share: who may see one, and how it is shown."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from sessions_spawner.request.ids import is_drive_id
from sessions_spawner.wire.channel import LinkDown, Refused
from sessions_spawner.wire.messages import DriveFigures
from sessions_spawner.wire.snapshot import DriveTerms

from ..hub.link import NoSettingsYet
from ..identity.may import Action, may
from ..lifecycle.moments import to_iso
from ..sessions.actions import require_owner
from ..web.errors import MayNot, NotThere
from ..web.handler import ApiHandler
from . import store
from .models import Drive
from .terms import why_not_grow

log = logging.getLogger(__name__)


class DriveHandler(ApiHandler):
    """What the addresses of drives share."""

    async def owner_key(self) -> str:
        """Return the person that the visitor is."""
        return (await require_owner(self.service, self.visitor.name)).key

    async def find(self, reference: str, *, deleted: bool = False) -> Drive:
        """Return the visitor's own drive by name or id, or by id one that he may see.

        Raises `NotThere`.
        """
        db = self.service.db
        drive = None
        if not self.visitor.is_service:
            drive = await db.read(store.find, await self.owner_key(), reference, deleted=deleted)
        if drive is None and is_drive_id(reference):
            drive = await db.read(store.find_any, reference, deleted=deleted)
            if drive is not None and not await self._may_see(drive):
                drive = None
        if drive is None:
            raise NotThere("There is no such drive, or it is not yours to see.")
        return drive

    async def find_to_change(self, reference: str, *, deleted: bool = False) -> Drive:
        """Return a drive that the visitor may rename and restore. Raises `NotThere`, `MayNot`."""
        drive = await self.find(reference, deleted=deleted)
        if not self.may_change(drive):
            raise MayNot("You may not do this to this drive.")
        return drive

    async def _may_see(self, drive: Drive) -> bool:
        if drive.owner == self.visitor.name and not self.visitor.is_admin:
            return False  # his own was found already: this one was a namesake's
        if not may(self.visitor, Action.READ_DRIVES, drive.owner):
            return False
        reach = self.visitor.reach("read:servers")
        return reach.everybody or self.service.is_same_person(
            self.visitor, drive.owner, drive.owner_key
        )

    def may_change(self, drive: Drive) -> bool:
        """Tell whether the visitor may rename, delete and restore a drive."""
        return self.visitor.name == drive.owner or self.visitor.is_admin

    async def show_now(self, drive: Drive) -> dict[str, Any]:
        """Return a drive's JSON with the figures of its storage."""
        return (await self.show_all([drive]))[0]

    async def show_all(self, listed: Sequence[Drive]) -> list[dict[str, Any]]:
        """Return the JSON of drives with the figures of their storage, as far as it answers."""
        figures: Mapping[str, DriveFigures] = {}
        places = {drive.id: drive.place for drive in listed if drive.place is not None}
        if places:
            try:
                figures = await self.service.link.drives(places)
            except (LinkDown, Refused) as error:
                log.warning("drives.no_figures reason=%s", error)
        return [self.show(drive, figures.get(drive.id)) for drive in listed]

    def show(self, drive: Drive, figures: DriveFigures | None = None) -> dict[str, Any]:
        """Return a drive's JSON; `used` is in bytes, null where nobody measures."""
        terms = self._terms()
        now = figures or DriveFigures(
            size=drive.size or terms.size,
            storage_class=drive.storage_class or terms.storage_class,
            access_mode=drive.access_mode or terms.access_mode,
        )
        may_delete: bool | str = True
        may_grow: bool | str = why_not_grow(terms, now.grows_to or now.size) or True
        may_rename: bool | str = True
        if not self.may_change(drive):
            may_delete = may_rename = may_grow = "You may not do this to this drive."
        elif drive.is_default:
            may_delete = "The default drive cannot be deleted."
            may_rename = "The default drive keeps its name."
        elif drive.mounted_by:
            may_delete = "It is in use. Stop what uses it first."
        is_own = drive.owner == self.visitor.name
        return {
            "id": drive.id,
            "name": drive.name,
            "title": "your default" if drive.is_default and is_own else drive.name,
            "owner": drive.owner,
            "is_default": drive.is_default,
            "size": now.size,
            "grows_to": now.grows_to,
            "used": None if now.used is None else str(now.used),
            "storage_class": now.storage_class,
            "access_mode": now.access_mode,
            "trouble": now.trouble or None,
            "mounted_by": [
                {"id": one.session_id, "name": one.session_name, "read_only": one.read_only}
                for one in drive.mounted_by
            ],
            "created_at": to_iso(drive.created_at),
            "last_used_at": to_iso(drive.last_used_at),
            "deleted_at": to_iso(drive.deleted_at),
            "allowed": {"delete": may_delete, "rename": may_rename, "grow": may_grow},
        }

    def _terms(self) -> DriveTerms:
        """Return what drives can be; nothing is known of it before the first settings came."""
        try:
            return self.service.link.snapshot.drive_terms
        except NoSettingsYet:
            return DriveTerms()

    def changed(self, owner: str) -> None:
        """Tell an owner's open pages that his drives changed."""
        self.service.fanout.owner_changed(owner, "drive")

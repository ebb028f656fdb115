"""The addresses of drives."""

from __future__ import annotations

import logging
from typing import Any

from sessions_spawner.wire.channel import Refused
from sessions_spawner.wire.snapshot import DriveTerms

from ..idempotency.store import Key
from ..identity.may import Action, may
from ..sessions.schemas import EmptyBody
from ..web.errors import Away, Conflict, NotThere, wrong_fields
from ..web.once import KEY_HEADER, once
from ..web.operation import operation
from ..web.routes import Route
from . import room, store
from .adopted import AdoptedDrives
from .handler import DriveHandler
from .models import Drive
from .schemas import (
    DeleteQuery,
    DriveBody,
    DriveChange,
    DriveList,
    DriveOptions,
    DriveOut,
    DrivesQuery,
)
from .terms import wrong_choices, wrong_growth

log = logging.getLogger(__name__)


class Drives(DriveHandler):
    """The visitor's drives."""

    @operation("List drives", Action.READ_DRIVES, query=DrivesQuery, answer=DriveList)
    async def get(self, query: DrivesQuery) -> dict[str, Any]:
        """Answer one person's drives, the default one first; the visitor's unless named."""
        key = await self._key_of(query.owner or self.visitor.name)
        listed: list[Drive] = []
        if key is not None:
            deleted = query.deleted == "true"
            listed = await self.service.db.read(store.listed, key, deleted=deleted)
        items = await self.show_all(listed)
        return {"items": items, "total": len(items), "next": None}

    async def _key_of(self, name: str) -> str | None:
        """Return the person of this name; None if the visitor may see no drives of his."""
        if not may(self.visitor, Action.READ_DRIVES, name):
            return None
        owner = await self.service.link.owner(name)
        return None if owner is None else owner.key

    @operation(
        "Make a drive",
        Action.CHANGE_DRIVES,
        body=DriveBody,
        answer=DriveOut,
        status=201,
        headers=KEY_HEADER,
    )
    async def post(self, body: DriveBody) -> None:
        """Make a drive; its folder or claim comes with its first use."""
        terms = self.service.link.snapshot.drive_terms
        if wrong := wrong_choices(terms, body.size, body.storage_class):
            raise wrong_fields(wrong)

        async def make(_key: Key | None) -> tuple[int, Any]:
            try:
                drive = await self.service.db.write(
                    room.create,
                    terms,
                    await self.owner_key(),
                    self.visitor.name,
                    body.name,
                    at=self.service.now(),
                    size=body.size,
                    storage_class=body.storage_class,
                    limit=self.service.link.snapshot.drive_limit,
                )
            except store.NameTaken:
                raise Conflict(
                    f"You have a drive called ‘{body.name}’ already.", code="in-use"
                ) from None
            except store.TooManyDrives as error:
                raise Conflict(str(error), code="limit") from None
            except room.NoRoom as error:
                raise wrong_fields({"size": str(error)}) from None
            self.changed(drive.owner)
            return 201, self.show(drive)

        await once(self, make)


class OneDrive(DriveHandler):
    """One drive."""

    @operation("Read a drive", Action.READ_DRIVES, answer=DriveOut)
    async def get(self, reference: str) -> dict[str, Any]:
        """Answer one drive by name or id."""
        return await self.show_now(await self.find(reference))

    @operation(
        "Rename a drive, or let it grow", Action.CHANGE_DRIVES, body=DriveChange, answer=DriveOut
    )
    async def patch(self, reference: str, body: DriveChange) -> dict[str, Any]:
        """Rename, or let it grow; the files stay where they are."""
        drive = await self.find_to_change(reference)
        if body.size is not None:
            drive = await self._grow(drive, body.size)
        if body.name is not None:
            drive = await self._rename(drive, body.name)
        self.changed(drive.owner)
        return await self.show_now(drive)

    async def _rename(self, drive: Drive, name: str) -> Drive:
        try:
            return await self.service.db.write(store.rename, drive.id, name)
        except store.NameTaken:
            raise Conflict(f"You have a drive called ‘{name}’ already.", code="in-use") from None
        except store.IsDefault:
            raise Conflict("The default drive keeps its name.", code="in-use") from None

    async def _grow(self, drive: Drive, size: str) -> Drive:
        """Have the storage grow first, then note it: asked again, it is the same.

        A drive without a place is made with its new size.
        """
        link = self.service.link
        terms = link.snapshot.drive_terms
        if sentence := wrong_growth(terms, drive.size or terms.size, size):
            raise wrong_fields({"size": sentence})
        await self._require_room(drive, terms, size)
        if drive.place is not None:
            try:
                await link.grow_drive(drive.id, drive.place, size)
            except Refused as refusal:
                if refusal.code == "cannot":
                    raise wrong_fields({"size": refusal.message}) from None
                raise Away(refusal.message) from None
        log.info("drive.grows drive=%s size=%s by=%s", drive.id, size, self.visitor.name)
        return await self.service.db.write(store.resize, drive.id, size)

    async def _require_room(self, drive: Drive, terms: DriveTerms, size: str) -> None:
        try:
            await self.service.db.read(
                room.require_room, terms, drive.owner_key, size, besides=drive.id
            )
        except room.NoRoom as error:
            raise wrong_fields({"size": str(error)}) from None

    @operation("Delete a drive", Action.DELETE_DRIVES, query=DeleteQuery, answer=DriveOut)
    async def delete(self, reference: str, query: DeleteQuery) -> dict[str, Any]:
        """Delete after its name was typed; it can be restored for some days."""
        drive = await self.find(reference)
        if not self.may_change(drive):
            raise NotThere("There is no such drive, or it is not yours to see.")
        if query.confirm != drive.name:
            raise wrong_fields({"confirm": f"Type the drive's name, ‘{drive.name}’."})
        try:
            deleted = await self.service.db.write(store.delete, drive.id, at=self.service.now())
        except store.InUse as error:
            raise Conflict(
                f"In use by {', '.join(one.session_name for one in error.mounts)}. Stop it first.",
                code="in-use",
                more={
                    "mounted_by": [
                        {"id": one.session_id, "name": one.session_name} for one in error.mounts
                    ]
                },
            ) from None
        except store.IsDefault:
            raise Conflict("The default drive cannot be deleted.", code="in-use") from None
        self.changed(drive.owner)
        return self.show(deleted)


class OptionsOfDrives(DriveHandler):
    """What a new drive can be."""

    @operation("What a new drive can be", Action.READ_DRIVES, answer=DriveOptions)
    async def get(self) -> dict[str, Any]:
        """Answer sizes and storage classes, and what is used of them."""
        snapshot = self.service.link.snapshot
        terms, used = snapshot.drive_terms, None
        if terms.size is not None and not self.visitor.is_service:
            used = await self.service.db.read(room.used_of, await self.owner_key(), terms)
        return {
            "size": terms.size,
            "size_max": terms.size_max or terms.size,
            "total_used": None if used is None else str(int(used)),
            "total_max": terms.total_max,
            "grace_seconds": snapshot.drive_grace_seconds,
            "storage_class": terms.storage_class,
            "storage_classes": list(terms.storage_classes),
        }


class RestoreDrive(DriveHandler):
    """A deleted drive."""

    @operation(
        "Restore a deleted drive",
        Action.CHANGE_DRIVES,
        body=EmptyBody,
        body_is_optional=True,
        answer=DriveOut,
    )
    async def post(self, reference: str, _body: EmptyBody) -> dict[str, Any]:
        """Take back a deletion."""
        drive = await self.find_to_change(reference, deleted=True)
        try:
            restored = await self.service.db.write(
                room.restore, self.service.link.snapshot.drive_terms, drive
            )
        except store.NameTaken:
            raise Conflict(
                f"You have a drive called ‘{drive.name}’ again. Rename that one first.",
                code="in-use",
            ) from None
        except room.NoRoom as error:
            raise Conflict(str(error), code="limit") from None
        self.changed(drive.owner)
        return self.show(restored)


ROUTES = [
    Route("api/v1/drives", Drives),
    Route("api/v1/drives/options", OptionsOfDrives),
    Route("api/v1/admin/drives", AdoptedDrives),
    Route("api/v1/drives/{drive}", OneDrive),
    Route("api/v1/drives/{drive}/restore", RestoreDrive),
]

"""The addresses of drives."""

from __future__ import annotations

from typing import Any

from sessions_spawner.request.ids import is_drive_id

from ..idempotency.store import Key
from ..identity.may import Action, may
from ..lifecycle.moments import to_iso
from ..sessions.actions import require_owner
from ..sessions.schemas import EmptyBody
from ..web.errors import Conflict, MayNot, NotThere, wrong_fields
from ..web.handler import ApiHandler
from ..web.once import KEY_HEADER, once
from ..web.operation import operation
from ..web.routes import Route
from . import store
from .models import Drive
from .schemas import DeleteQuery, DriveBody, DriveList, DriveOut, DrivesQuery


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
        if not self._may_change(drive):
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

    def _may_change(self, drive: Drive) -> bool:
        return self.visitor.name == drive.owner or self.visitor.is_admin

    def show(self, drive: Drive) -> dict[str, Any]:
        """Return a drive's JSON."""
        may_delete: bool | str = True
        may_rename: bool | str = True
        if not self._may_change(drive):
            may_delete = may_rename = "You may not do this to this drive."
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
            "size": drive.size,
            "used": None,
            "mounted_by": [
                {"id": one.session_id, "name": one.session_name, "read_only": one.read_only}
                for one in drive.mounted_by
            ],
            "created_at": to_iso(drive.created_at),
            "last_used_at": to_iso(drive.last_used_at),
            "deleted_at": to_iso(drive.deleted_at),
            "allowed": {"delete": may_delete, "rename": may_rename},
        }

    def changed(self, owner: str) -> None:
        """Tell an owner's open pages that his drives changed."""
        self.service.fanout.owner_changed(owner, "drive")


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
        return {"items": [self.show(one) for one in listed], "total": len(listed), "next": None}

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

        async def make(_key: Key | None) -> tuple[int, Any]:
            try:
                drive = await self.service.db.write(
                    store.create,
                    await self.owner_key(),
                    self.visitor.name,
                    body.name,
                    at=self.service.now(),
                    limit=self.service.link.snapshot.drive_limit,
                )
            except store.NameTaken:
                raise Conflict(
                    f"You have a drive called ‘{body.name}’ already.", code="in-use"
                ) from None
            except store.TooManyDrives as error:
                raise Conflict(str(error), code="limit") from None
            self.changed(drive.owner)
            return 201, self.show(drive)

        await once(self, make)


class OneDrive(DriveHandler):
    """One drive."""

    @operation("Read a drive", Action.READ_DRIVES, answer=DriveOut)
    async def get(self, reference: str) -> dict[str, Any]:
        """Answer one drive by name or id."""
        return self.show(await self.find(reference))

    @operation("Rename a drive", Action.CHANGE_DRIVES, body=DriveBody, answer=DriveOut)
    async def patch(self, reference: str, body: DriveBody) -> dict[str, Any]:
        """Rename; the files stay where they are."""
        drive = await self.find_to_change(reference)
        try:
            renamed = await self.service.db.write(store.rename, drive.id, body.name)
        except store.NameTaken:
            raise Conflict(
                f"You have a drive called ‘{body.name}’ already.", code="in-use"
            ) from None
        except store.IsDefault:
            raise Conflict("The default drive keeps its name.", code="in-use") from None
        self.changed(drive.owner)
        return self.show(renamed)

    @operation("Delete a drive", Action.DELETE_DRIVES, query=DeleteQuery, answer=DriveOut)
    async def delete(self, reference: str, query: DeleteQuery) -> dict[str, Any]:
        """Delete after its name was typed; it can be restored for some days."""
        drive = await self.find(reference)
        if not self._may_change(drive):
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
            restored = await self.service.db.write(store.restore, drive.id)
        except store.NameTaken:
            raise Conflict(
                f"You have a drive called ‘{drive.name}’ again. Rename that one first.",
                code="in-use",
            ) from None
        self.changed(drive.owner)
        return self.show(restored)


ROUTES = [
    Route("api/v1/drives", Drives),
    Route("api/v1/drives/{drive}", OneDrive),
    Route("api/v1/drives/{drive}/restore", RestoreDrive),
]

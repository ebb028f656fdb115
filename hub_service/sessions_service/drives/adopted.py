"""The address at which an administrator makes storage that is there already a person's drive."""

from __future__ import annotations

import logging
from typing import Any

from sessions_spawner.request.ids import new_drive_id
from sessions_spawner.wire.channel import Refused
from sessions_spawner.wire.messages import Owner, PlacedDrive

from ..idempotency.store import Key
from ..identity.may import Action
from ..web.errors import Away, Conflict, wrong_fields
from ..web.once import KEY_HEADER, once
from ..web.operation import operation
from . import store
from .handler import DriveHandler
from .models import Drive
from .schemas import AdoptBody, DriveOut

log = logging.getLogger(__name__)


class AdoptedDrives(DriveHandler):
    """Storage that was there before its drive."""

    @operation(
        "Make a claim a person's drive",
        Action.ADOPT_DRIVES,
        body=AdoptBody,
        answer=DriveOut,
        status=201,
        headers=KEY_HEADER,
    )
    async def post(self, body: AdoptBody) -> None:
        """Adopt a claim, as the administrator's rules allow."""

        async def make(_key: Key | None) -> tuple[int, Any]:
            owner = await self.service.link.owner(body.owner)
            if owner is None:
                raise wrong_fields({"owner": "The hub knows no such user."})
            drive = await self._make(body, owner)
            log.warning(
                "drive.adopted drive=%s owner=%s place=%s by=%s",
                drive.id,
                owner.name,
                drive.place,
                self.visitor.name,
            )
            self.changed(drive.owner)
            return 201, self.show(drive)

        await once(self, make)

    async def _make(self, body: AdoptBody, owner: Owner) -> Drive:
        db, taken = self.service.db, f"‘{body.owner}’ has a drive called ‘{body.name}’."
        if await db.read(store.find, owner.key, body.name) is not None:
            raise Conflict(taken, code="in-use")
        drive_id, placed = await self._adopt(body.claim, owner)
        at = self.service.now()
        try:
            return await db.write(
                store.adopt, owner.key, owner.name, body.name, placed, drive_id=drive_id, at=at
            )
        except store.NameTaken:
            raise Conflict(taken, code="in-use") from None

    async def _adopt(self, claim: str, owner: Owner) -> tuple[str, PlacedDrive]:
        """Mark the claim; one that was marked for a drive that was never noted goes on."""
        link, drive_id = self.service.link, new_drive_id()
        try:
            return drive_id, await link.adopt_drive(drive_id, claim, owner)
        except Refused as refusal:
            marked = refusal
        if marked.code == "is-drive" and not await self._is_known(marked.message):
            drive_id = marked.message
            try:
                return drive_id, await link.adopt_drive(drive_id, claim, owner)
            except Refused as refusal:
                marked = refusal
        if marked.code == "is-drive":
            raise Conflict(f"‘{claim}’ is a drive already.", code="in-use")
        if marked.code == "cannot":
            raise wrong_fields({"claim": marked.message})
        raise Away(marked.message)

    async def _is_known(self, drive_id: str) -> bool:
        try:
            await self.service.db.read(store.get, drive_id)
        except store.NoSuchDrive:
            return False
        return True

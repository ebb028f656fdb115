"""What the addresses of drives take and answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from sessions_spawner.request.fields import DriveReference

from ..sessions.schemas import Query, Strict, Text


class DriveBody(Strict):
    """A new drive, or a new name for one."""

    name: DriveReference


class DeleteQuery(Query):
    """The typed name that confirms a deletion."""

    confirm: Annotated[str, Field(max_length=64)] = ""


class DrivesQuery(Query):
    """Whose drives, by name; `deleted=true` lists those that can be restored."""

    owner: Text | None = None
    deleted: Annotated[str, Field(pattern="^(true|false)$")] = "false"


class DriveOut(BaseModel):
    """A drive."""

    id: str
    name: str
    title: str
    owner: str
    is_default: bool
    size: str | None
    used: str | None
    mounted_by: list[dict[str, Any]]
    created_at: datetime
    last_used_at: datetime | None
    deleted_at: datetime | None
    allowed: dict[str, bool | str]


class DriveList(BaseModel):
    """The drives of the visitor."""

    items: list[DriveOut]
    total: int
    next: str | None

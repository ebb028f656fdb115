"""What the addresses of drives take and answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, model_validator

from sessions_spawner.request.fields import DriveReference, ObjectName, Quantity

from ..sessions.schemas import Query, Strict, Text


class DriveBody(Strict):
    """A new drive; `size` and `storage_class` are those that drives have without a choice."""

    name: DriveReference
    size: Quantity | None = None
    storage_class: Annotated[str, Field(max_length=253)] | None = None


class DriveChange(Strict):
    """A new name for a drive, or a larger size, or both."""

    name: DriveReference | None = None
    size: Quantity | None = None

    @model_validator(mode="after")
    def _change_something(self) -> DriveChange:
        if self.name is None and self.size is None:
            raise ValueError("Name what to change: name or size.")
        return self


class AdoptBody(Strict):
    """Storage that is there already, and whose drive it becomes."""

    owner: Annotated[str, Field(min_length=1, max_length=256)]
    name: DriveReference
    claim: ObjectName


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
    grows_to: str | None
    used: str | None
    storage_class: str | None
    access_mode: str | None
    trouble: str | None
    mounted_by: list[dict[str, Any]]
    created_at: datetime
    last_used_at: datetime | None
    deleted_at: datetime | None
    allowed: dict[str, bool | str]


class DriveOptions(BaseModel):
    """What a new drive can be; sizes are Kubernetes quantities, None where drives have none.

    `total_used` are the bytes of all the visitor's drives together, `total_max` what they may have.
    """

    size: str | None
    size_max: str | None
    total_used: str | None
    total_max: str | None
    grace_seconds: int
    storage_class: str | None
    storage_classes: list[str]


class DriveList(BaseModel):
    """The drives of the visitor."""

    items: list[DriveOut]
    total: int
    next: str | None

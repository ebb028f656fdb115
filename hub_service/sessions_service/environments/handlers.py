"""The addresses of what is offered: environments, limits, the visitor himself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from ..identity.may import Action
from ..offers import describe_me, environments_of, limits_of
from ..web.handler import ApiHandler
from ..web.operation import operation
from ..web.routes import Route


class EnvironmentOut(BaseModel):
    """An environment."""

    name: str
    title: str
    description: str
    is_default: bool
    image: str | None
    ready_in_seconds: int | None
    resources: dict[str, Any]
    choices: list[dict[str, Any]]
    doors: list[str]
    idle_default: int
    custom_image_allowed: bool
    allowed: bool


class EnvironmentList(BaseModel):
    """The environments that the visitor may start."""

    items: list[EnvironmentOut]
    total: int
    next: str | None


class Room(BaseModel):
    """How much is used of what may be."""

    used: int
    max: int


class LimitsOut(BaseModel):
    """What the visitor has used and may use."""

    sessions: Room
    drives: Room


class MeOut(BaseModel):
    """The visitor: rights, and what this hub offers."""

    name: str
    email: str | None
    admin: bool
    groups: list[str]
    may: dict[str, bool]
    features: dict[str, dict[str, Any]]
    unsupported: dict[str, str]
    idle: dict[str, Any]
    lifetime_max: int | None
    extend_max: int
    currency: str | None
    sorts: list[str]
    users_trust_each_other: bool
    isolates: bool
    server_time: datetime
    build: str


class Environments(ApiHandler):
    """Environments."""

    @operation("List environments", Action.LOOK, answer=EnvironmentList)
    async def get(self) -> dict[str, Any]:
        """Answer what the visitor may start."""
        items = await environments_of(self.service, self.visitor.name)
        return {"items": items, "total": len(items), "next": None}


class Limits(ApiHandler):
    """What the visitor has used and may use."""

    @operation("Read one's limits", Action.LOOK, answer=LimitsOut)
    async def get(self) -> dict[str, Any]:
        """Answer `{used, max}` for sessions and drives."""
        return await limits_of(self.service, self.visitor)


class Me(ApiHandler):
    """The visitor."""

    @operation("Read who one is", Action.LOOK, answer=MeOut)
    async def get(self) -> dict[str, Any]:
        """Answer name, rights and what this hub offers."""
        return await describe_me(self.service, self.visitor)


ROUTES = [
    Route("api/v1/environments", Environments),
    Route("api/v1/limits", Limits),
    Route("api/v1/me", Me),
]

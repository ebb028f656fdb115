"""The addresses of what is offered: environments, limits, the visitor himself."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal

from pydantic import BaseModel

from ..identity.may import Action
from ..offers import describe_me, environments_of, limits_of, offers_to, projects_seen_by
from ..sessions.schemas import Query
from ..web.handler import ApiHandler
from ..web.operation import operation
from ..web.routes import Route

_FIGURES: Final = ("budget", "spent", "left", "period_ends", "state", "on_over")


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


class OfferOut(BaseModel):
    """Something that may be attached to a session, by its id; never a value."""

    id: str
    name: str
    description: str


class SecretOut(OfferOut):
    """A secret, and how it may be attached."""

    ways: list[str]


class InstanceOut(OfferOut):
    """A Cloud SQL instance, its first port and what it needs."""

    engine: str
    port: int
    service_account: str | None


class BillingProjectOut(OfferOut):
    """Who pays for a session; figures are null as long as nobody counts."""

    budget: str | None
    spent: str | None
    left: str | None
    period_ends: datetime | None
    state: Literal["ok", "warn", "over"] | None
    on_over: Literal["warn", "stop"] | None


class ProjectsQuery(Query):
    """Whose billing projects: the visitor's, or with `*` of all whose sessions he may see."""

    owner: Literal["*"] | None = None


class OfferList(BaseModel):
    """What the visitor may attach."""

    items: list[OfferOut]
    total: int
    next: str | None


class SecretList(BaseModel):
    """The secrets that the visitor may attach."""

    items: list[SecretOut]
    total: int
    next: str | None


class InstanceList(BaseModel):
    """The Cloud SQL instances that the visitor may attach."""

    items: list[InstanceOut]
    total: int
    next: str | None


class BillingProjectList(BaseModel):
    """The billing projects that the visitor's sessions may be paid from."""

    items: list[BillingProjectOut]
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
        return _listed(await environments_of(self.service, self.visitor))


class Secrets(ApiHandler):
    """Secrets, by name."""

    @operation("List secrets", Action.LOOK, answer=SecretList)
    async def get(self) -> dict[str, Any]:
        """Answer which secrets the visitor may attach, and how; their values are nowhere here."""
        offers = (await offers_to(self.service, self.visitor)).secrets.values()
        return _listed([{**one.to_json(), "ways": list(one.ways)} for one in offers])


class ServiceAccounts(ApiHandler):
    """Service accounts, by name."""

    @operation("List service accounts", Action.LOOK, answer=OfferList)
    async def get(self) -> dict[str, Any]:
        """Answer as which service accounts the visitor's sessions may run."""
        offers = (await offers_to(self.service, self.visitor)).service_accounts.values()
        return _listed([one.to_json() for one in offers])


class Instances(ApiHandler):
    """Cloud SQL instances."""

    @operation("List Cloud SQL instances", Action.LOOK, answer=InstanceList)
    async def get(self) -> dict[str, Any]:
        """Answer which Cloud SQL instances the visitor may attach."""
        offers = (await offers_to(self.service, self.visitor)).cloud_sql.values()
        return _listed(
            [
                {
                    **one.to_json(),
                    "engine": one.engine,
                    "port": one.port,
                    "service_account": one.service_account,
                }
                for one in offers
            ]
        )


class BillingProjects(ApiHandler):
    """Billing projects."""

    @operation("List billing projects", Action.LOOK, query=ProjectsQuery, answer=BillingProjectList)
    async def get(self, query: ProjectsQuery) -> dict[str, Any]:
        """Answer who may pay for the visitor's sessions; budgets are not counted yet.

        With `owner=*` also who may pay for sessions of others that the visitor may see.
        """
        offers = (await offers_to(self.service, self.visitor)).billing_projects
        if query.owner == "*":
            offers = await projects_seen_by(self.service, self.visitor)
        items = [{**one.to_json(), **dict.fromkeys(_FIGURES)} for one in offers.values()]
        return _listed(items)


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


def _listed(items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"items": items, "total": len(items), "next": None}


ROUTES = [
    Route("api/v1/environments", Environments),
    Route("api/v1/secrets", Secrets),
    Route("api/v1/service-accounts", ServiceAccounts),
    Route("api/v1/cloud-sql", Instances),
    Route("api/v1/billing-projects", BillingProjects),
    Route("api/v1/limits", Limits),
    Route("api/v1/me", Me),
]

"""What the administrator offers: secrets, accounts, instances, billing projects, images, GPUs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, Literal, TypeVar

from .images import ImagePattern

Engine = Literal["postgres", "mysql", "sqlserver"]
# The port that a database's programs try first, and how its variables usually begin.
ENGINE_PORTS: Final[Mapping[str, int]] = {"postgres": 5432, "mysql": 3306, "sqlserver": 1433}


class BadOffer(ValueError):
    """An offer that cannot be read; the sentence names the entry and what to change."""


@dataclass(frozen=True)
class Offer:
    """Something that people may attach by its name; without groups it is offered to everybody."""

    name: str
    title: str
    description: str = ""
    groups: tuple[str, ...] = ()

    def is_for(self, groups: Collection[str]) -> bool:
        """Tell whether it is offered to a member of these groups."""
        return not self.groups or any(group in self.groups for group in groups)

    def to_json(self) -> dict[str, Any]:
        """Return what people may know of it."""
        return {"id": self.name, "name": self.title, "description": self.description}


@dataclass(frozen=True)
class SecretOffer(Offer):
    """A Kubernetes Secret, by name: its values are never read here.

    `env` maps variables to keys; empty: it is not offered as variables. `keys` are the keys that
    its files are made of, all of them if empty. `path` is a folder in the session's home, `mode`
    the files' permissions.
    """

    secret: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    files: bool = True
    path: str = ""
    mode: int = 0o444

    @property
    def ways(self) -> tuple[str, ...]:
        """How it may be attached, as a request names it."""
        if self.env and self.files:
            return ("env", "files", "both")
        return ("env",) if self.env else ("files",)


@dataclass(frozen=True)
class AccountOffer(Offer):
    """A Kubernetes service account, by name."""


@dataclass(frozen=True)
class InstanceOffer(Offer):
    """A Cloud SQL instance; its name is the connection name, project:region:instance.

    `credentials` is the Secret whose key `credentials_key` holds a service account's key file;
    without it the session's `service_account` or the node speaks for the proxy. `variables` is how
    the connection's variables begin (`PG` for `PGHOST`); `user` and `database` are for them alone.
    """

    engine: Engine = "postgres"
    port: int = 5432
    private_ip: bool = False
    iam_login: bool = False
    credentials: str | None = None
    credentials_key: str = "service_account.json"
    service_account: str | None = None
    variables: str | None = None
    user: str | None = None
    database: str | None = None


@dataclass(frozen=True)
class BillingOffer(Offer):
    """A billing project: who pays for a session. Its name is the value of a label as it is."""


@dataclass(frozen=True)
class GpuOffer:
    """The name of the cluster's resource for GPUs, and how many of them one session may have."""

    resource: str
    most: int = 1


@dataclass(frozen=True)
class CloudSqlProxy:
    """The Cloud SQL Auth Proxy, version 2: its image, the port of its health and its size."""

    image: str = "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.27.0"
    # The port of the proxy's own example for Kubernetes; a Prometheus in a session takes 9090.
    health_port: int = 9801
    cpu: str | None = None
    memory: str | None = None


_O = TypeVar("_O", bound=Offer)


@dataclass(frozen=True)
class Offers:
    """All offers by name; `own_ports` are those that the session's own programs listen on.

    `udp` says whether ports may be UDP's, which reach only programs inside the cluster.
    """

    secrets: Mapping[str, SecretOffer] = field(default_factory=dict)
    service_accounts: Mapping[str, AccountOffer] = field(default_factory=dict)
    cloud_sql: Mapping[str, InstanceOffer] = field(default_factory=dict)
    billing_projects: Mapping[str, BillingOffer] = field(default_factory=dict)
    images: tuple[ImagePattern, ...] = ()
    gpu: GpuOffer | None = None
    cloud_sql_proxy: CloudSqlProxy = CloudSqlProxy()
    own_ports: tuple[int, ...] = ()
    udp: bool = False

    def for_groups(self, groups: Collection[str]) -> Offers:
        """Return what is offered to a member of these groups: nothing else is left to be found."""
        return replace(
            self,
            secrets=_for(self.secrets, groups),
            service_accounts=_for(self.service_accounts, groups),
            cloud_sql=_for(self.cloud_sql, groups),
            billing_projects=_for(self.billing_projects, groups),
        )

    def to_wire(self) -> dict[str, Any]:
        """Return plain settings, which `read_offers` reads back; they hold no secret's value."""
        return {
            "secrets": _to_settings(self.secrets),
            "service_accounts": _to_settings(self.service_accounts),
            "cloud_sql": _to_settings(self.cloud_sql),
            "billing_projects": _to_settings(self.billing_projects),
            "images": [pattern.text for pattern in self.images],
            "gpu": asdict(self.gpu) if self.gpu else None,
            "cloud_sql_proxy": asdict(self.cloud_sql_proxy),
            "own_ports": list(self.own_ports),
            "udp": self.udp,
        }


NO_OFFERS: Final = Offers()


def _for(offers: Mapping[str, _O], groups: Collection[str]) -> dict[str, _O]:
    return {name: offer for name, offer in offers.items() if offer.is_for(groups)}


def _to_settings(offers: Mapping[str, Offer]) -> dict[str, Any]:
    return {
        name: {key: _plain(value) for key, value in asdict(offer).items() if key != "name"}
        for name, offer in offers.items()
    }


def _plain(value: Any) -> Any:
    """Return what JSON knows of it."""
    return list(value) if isinstance(value, tuple) else value

"""What a request attaches of the offers: variables, folders and ports, before anything is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .fields import Port
from .launch import LaunchRequest
from .offers import InstanceOffer, Offers, SecretOffer

# Not the name `localhost`: MySQL's programs would look for a socket, others for an IPv6 address.
_HERE: Final = "127.0.0.1"


@dataclass(frozen=True)
class AttachedSecret:
    """A secret as it was asked for; `place` is its place in the request's list.

    `folder` is None where no files were asked for.
    """

    place: int
    offer: SecretOffer
    env: Mapping[str, str]
    folder: str | None

    @property
    def origin(self) -> str:
        """What brings its variables and files."""
        return f"secret ‘{self.offer.name}’"


@dataclass(frozen=True)
class AttachedInstance:
    """A Cloud SQL instance with its port on the session's own address, and its variables."""

    place: int
    offer: InstanceOffer
    port: int
    env: Mapping[str, str]

    @property
    def origin(self) -> str:
        """What brings its variables and takes its port."""
        return f"Cloud SQL instance ‘{self.offer.name}’"


class NotOffered(LookupError):
    """A request names what is not offered to the session's owner: no rule looked at it."""


def require_offered(request: LaunchRequest, offers: Offers) -> None:
    """Refuse to leave out silently what was asked for. Raises `NotOffered`."""
    named = [
        *((one.name, offers.secrets) for one in request.secrets),
        *((one.instance, offers.cloud_sql) for one in request.cloud_sql),
        *((name, offers.service_accounts) for name in [request.service_account] if name),
        *((name, offers.billing_projects) for name in [request.billing_project] if name),
    ]
    for name, offered in named:
        if name not in offered:
            raise NotOffered(f"‘{name}’ is not offered to the owner of this session.")
    if request.resources and request.resources.gpu and offers.gpu is None:
        raise NotOffered("No GPUs are offered to the owner of this session.")


def attached_secrets(request: LaunchRequest, offers: Offers) -> tuple[AttachedSecret, ...]:
    """Return those of the request's secrets that are offered."""
    found = []
    for place, asked in enumerate(request.secrets):
        offer = offers.secrets.get(asked.name)
        if offer is not None:
            env = offer.env if asked.as_ != "files" else {}
            folder = (asked.path or offer.path) if asked.as_ != "env" else None
            found.append(AttachedSecret(place, offer, env, folder))
    return tuple(found)


def attached_instances(request: LaunchRequest, offers: Offers) -> tuple[AttachedInstance, ...]:
    """Return those of the request's instances that are offered, each with its port.

    One without a port gets the offer's, or the next that nothing else in the session has.
    """
    asked = [
        (place, one, offers.cloud_sql[one.instance])
        for place, one in enumerate(request.cloud_sql)
        if one.instance in offers.cloud_sql
    ]
    taken = {
        *(one.port for _, one, _ in asked if one.port is not None),
        *(one.number for one in request.ports),
        *offers.own_ports,
        *health_ports(tuple(offer for _, _, offer in asked), offers).values(),
    }
    found = []
    for place, one, offer in asked:
        port = one.port
        if port is None:
            port = next(number for number in range(offer.port, 65_536) if number not in taken)
            taken.add(port)
        found.append(AttachedInstance(place, offer, port, _variables_of(offer, port)))
    return tuple(found)


# The Secret and key of a proxy's credentials, or None for what the session itself is.
Credentials = tuple[str, str] | None


def credentials_of(offer: InstanceOffer) -> Credentials:
    """Return what a proxy needs to speak for an instance; one proxy has one of them."""
    return (offer.credentials, offer.credentials_key) if offer.credentials else None


def health_ports(instances: tuple[InstanceOffer, ...], offers: Offers) -> dict[Credentials, int]:
    """Return the health port of each proxy: one a set of credentials, in the instances' order."""
    needed = dict.fromkeys(credentials_of(one) for one in instances)
    first = offers.cloud_sql_proxy.health_port
    return {credentials: first + number for number, credentials in enumerate(needed)}


def name_of_port(port: Port) -> str:
    """Return a port's name: the one that was given, else one made of its number."""
    return port.name or f"port-{port.number}"


def _variables_of(offer: InstanceOffer, port: int) -> dict[str, str]:
    if offer.variables is None:
        return {}
    values = {"HOST": _HERE, "PORT": str(port), "USER": offer.user, "DATABASE": offer.database}
    return {f"{offer.variables}{name}": text for name, text in values.items() if text}

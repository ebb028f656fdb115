"""The share of Cloud SQL: the Auth Proxy, version 2, as a sidecar, and the way to each database.

Flags and paths are those of `cloud-sql-proxy --help`, 2.27. One proxy serves every instance that
has the same credentials, which are the one thing that it takes once for all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlencode

from ...request import LaunchRequest
from ...request.attached import (
    AttachedInstance,
    Credentials,
    attached_instances,
    credentials_of,
    health_ports,
)
from ...request.offers import CloudSqlProxy, Offers
from ..contribution import Contribution, Probe, SecretFolder, Sidecar

_NAME: Final = "cloud-sql-proxy"
_CREDENTIALS: Final = "/credentials"
# A sidecar's end is the kubelet's business, once the session has ended: `--quitquitquit` would only
# give every program of the session a switch, and `--max-sigterm-delay` would wait for nobody.
_ARGS: Final = ("--structured-logs", "--exit-zero-on-sigterm")


def contribute(request: LaunchRequest, offers: Offers) -> Iterator[Contribution]:
    """Give one contribution an instance and one a proxy."""
    instances = attached_instances(request, offers)
    for one in instances:
        yield Contribution(
            origin=one.origin,
            env=one.env,
            inner_ports=(one.port,),
            chosen_by=f"cloud_sql.{one.place}",
        )
    health = health_ports(tuple(one.offer for one in instances), offers)
    for number, (credentials, port) in enumerate(health.items(), start=1):
        served = [one for one in instances if credentials_of(one.offer) == credentials]
        yield Contribution(
            origin="Cloud SQL proxy",
            sidecars=(_make_proxy(number, credentials, port, served, offers.cloud_sql_proxy),),
            inner_ports=(port,),
            chosen_by="cloud_sql",
        )


def _make_proxy(
    number: int,
    credentials: Credentials,
    port: int,
    served: list[AttachedInstance],
    proxy: CloudSqlProxy,
) -> Sidecar:
    folders: tuple[SecretFolder, ...] = ()
    file: tuple[str, ...] = ()
    if credentials is not None:
        secret, key = credentials
        folders = (SecretFolder(_CREDENTIALS, secret, (key,)),)
        file = (f"--credentials-file={_CREDENTIALS}/{key}",)
    # The kubelet asks from outside of the pod's loopback; the answer is only ever ok or not.
    health = ("--health-check", "--http-address=0.0.0.0", f"--http-port={port}")
    return Sidecar(
        name=_NAME if number == 1 else f"{_NAME}-{number}",
        image=proxy.image,
        args=(*_ARGS, *health, *file, *(_argument_of(one) for one in served)),
        probe=Probe(port, "/startup"),
        secret_folders=folders,
        cpu=proxy.cpu,
        memory=proxy.memory,
    )


def _argument_of(one: AttachedInstance) -> str:
    """Return an instance with its own flags, as the proxy takes them.

    With a port of its own the proxy does not ask Google for the kind of database before it starts.
    It listens on the loopback alone, its default.
    """
    flags = {"port": str(one.port)}
    if one.offer.private_ip:
        flags["private-ip"] = "true"
    if one.offer.iam_login:
        flags["auto-iam-authn"] = "true"
    return f"{one.offer.name}?{urlencode(flags)}"

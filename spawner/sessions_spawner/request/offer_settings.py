"""Read the administrator's offers from plain settings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

from .fields import CLOUD_SQL_INSTANCE
from .images import ImagePattern, parse_image, read_pattern
from .offer_entry import Entry, is_object_name
from .offers import (
    ENGINE_PORTS,
    AccountOffer,
    BadOffer,
    BillingOffer,
    CloudSqlProxy,
    Engine,
    GpuOffer,
    InstanceOffer,
    Offers,
    SecretOffer,
)
from .paths import check_mount_path

LEAST_PORT: Final = 1024  # programs of a session are nobody's root
MOST_PORT: Final = 65_535
# Instances without a port of their own count up from the offer's, so that leaves them room.
_MOST_FIRST_PORT: Final = 65_000

_SHOWN: Final = ("title", "description", "groups")
_SECRET: Final = (*_SHOWN, "secret", "env", "keys", "files", "path", "mode")
# The value of a label: what pays for a pod is read from there, so it stands there as it is.
_BILLING_PROJECT: Final = re.compile(r"(?!.*---)[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")
# Settings whose entries are called otherwise than Kubernetes calls its objects.
_FORMS: Final[Mapping[str, tuple[re.Pattern[str], str]]] = {
    "cloud_sql": (CLOUD_SQL_INSTANCE, "project:region:instance"),
    "billing_projects": (
        _BILLING_PROJECT,
        "the value of a label: up to 63 letters, digits, dots, hyphens and underscores",
    ),
}
_INSTANCE: Final = (
    *(*_SHOWN, "engine", "port", "private_ip", "iam_login", "credentials", "credentials_key"),
    *("service_account", "variables", "user", "database"),
)
# An extended resource: a domain of the vendor's, and a name. Kubernetes keeps its own domain.
_RESOURCE: Final = re.compile(
    r"(?!(?:.*\.)?kubernetes\.io/)[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?"
    r"/[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?"
)


def read_offers(
    *,
    secrets: object = None,
    service_accounts: object = None,
    cloud_sql: object = None,
    billing_projects: object = None,
    images: object = (),
    gpu: object = None,
    cloud_sql_proxy: object = None,
    own_ports: Iterable[int] = (),
    udp: bool = False,
) -> Offers:
    """Return the offers of these settings. Raises `BadOffer`."""
    found = Offers(
        secrets={name: _read_secret(name, given) for name, given in _entries("secrets", secrets)},
        service_accounts={
            name: _read_account(name, given)
            for name, given in _entries("service_accounts", service_accounts)
        },
        cloud_sql={
            name: _read_instance(name, given) for name, given in _entries("cloud_sql", cloud_sql)
        },
        billing_projects={
            name: _read_billing_project(name, given)
            for name, given in _entries("billing_projects", billing_projects)
        },
        images=_read_images(images),
        gpu=_read_gpu(gpu),
        cloud_sql_proxy=_read_proxy(cloud_sql_proxy),
        own_ports=tuple(own_ports),
        udp=udp,
    )
    for instance in found.cloud_sql.values():
        _check_account(instance, found.service_accounts)
    return found


def _entries(setting: str, given: object) -> Iterable[tuple[str, object]]:
    if given is None:
        return ()
    if not isinstance(given, Mapping):
        raise BadOffer(f"{setting} has to be a dictionary of names and their settings.")
    for name in given:
        pattern, form = _FORMS.get(setting, (None, "a Kubernetes name"))
        if not (is_object_name(name) if pattern is None else _fits(pattern, name)):
            raise BadOffer(f"{setting} entry ‘{name}’: has to be called like {form}.")
    return [(str(name), {} if entry is None else entry) for name, entry in given.items()]


def _fits(pattern: re.Pattern[str], name: object) -> bool:
    return isinstance(name, str) and pattern.fullmatch(name) is not None


def _shown(name: str, entry: Entry) -> dict[str, Any]:
    return {
        "name": name,
        "title": entry.text("title", name),
        "description": entry.text("description"),
        "groups": entry.texts("groups"),
    }


def _read_secret(name: str, given: object) -> SecretOffer:
    entry = Entry(f"secrets entry ‘{name}’", given, _SECRET)
    keys = tuple(entry.secret_key("keys", key) for key in entry.texts("keys"))
    env = _read_env(entry, keys)
    asks_for_files = any(entry.given.get(key) is not None for key in ("path", "mode"))
    files = entry.flag("files", default=asks_for_files or not env)
    if not env and not files:
        raise entry.bad("files", "has to be True where no variables are offered")
    return SecretOffer(
        **_shown(name, entry),
        secret=entry.object_name("secret") or name,
        env=env,
        keys=keys,
        files=files,
        path=_read_path(entry, f"secrets/{name}"),
        mode=_read_mode(entry),
    )


def _read_env(entry: Entry, keys: tuple[str, ...]) -> dict[str, str]:
    """Return variable → key; `True` offers each of the keys as a variable of its name.

    The keys have to be named, since nothing here ever reads a Secret: unknown keys could set what
    belongs to the session.
    """
    given = entry.given.get("env")
    if given is None or given is False:
        return {}
    if given is True:
        if not keys:
            raise entry.bad("env", "is True, so ‘keys’ has to list the keys")
        return {entry.variable("keys", key): key for key in keys}
    if not isinstance(given, Mapping):
        raise entry.bad("env", "has to be a dictionary of variables and keys, or True")
    found = {entry.variable("env", name): entry.secret_key("env", k) for name, k in given.items()}
    for key in found.values():
        if keys and key not in keys:
            raise entry.bad("env", f"names the key ‘{key}’, which ‘keys’ does not list")
    return found


def _read_mode(entry: Entry) -> int:
    """Return the files' permissions; one that allows writing was meant to be octal."""
    mode = entry.given.get("mode", SecretOffer.mode)
    if type(mode) is not int or not 0o400 <= mode <= 0o555 or mode & 0o222:
        raise entry.bad("mode", "has to be like 0o400 or 0o444, since nobody writes there")
    return mode


def _read_path(entry: Entry, default: str) -> str:
    try:
        return check_mount_path(entry.text("path", default))
    except ValueError as error:
        raise BadOffer(f"{entry.where}, path: {error}") from None


def _read_account(name: str, given: object) -> AccountOffer:
    return AccountOffer(**_shown(name, Entry(f"service_accounts entry ‘{name}’", given, _SHOWN)))


def _read_billing_project(name: str, given: object) -> BillingOffer:
    return BillingOffer(**_shown(name, Entry(f"billing_projects entry ‘{name}’", given, _SHOWN)))


def _read_instance(name: str, given: object) -> InstanceOffer:
    entry = Entry(f"cloud_sql entry ‘{name}’", given, _INSTANCE)
    engine = entry.text("engine", "postgres")
    if engine not in ENGINE_PORTS:
        raise entry.bad("engine", f"has to be one of {', '.join(ENGINE_PORTS)}")
    variables = entry.text("variables") or None
    if variables is not None:
        entry.variable("variables", variables)
    default_key = InstanceOffer.credentials_key
    return InstanceOffer(
        **_shown(name, entry),
        engine=cast("Engine", engine),
        port=entry.number("port", ENGINE_PORTS[engine], LEAST_PORT, _MOST_FIRST_PORT),
        private_ip=entry.flag("private_ip"),
        iam_login=entry.flag("iam_login"),
        credentials=entry.object_name("credentials"),
        credentials_key=entry.secret_key(
            "credentials_key", entry.text("credentials_key", default_key)
        ),
        service_account=entry.object_name("service_account"),
        variables=variables,
        user=entry.text("user") or None,
        database=entry.text("database") or None,
    )


def _check_account(instance: InstanceOffer, accounts: Mapping[str, AccountOffer]) -> None:
    """Refuse an instance that needs an account which somebody who may use it may not."""
    needed = instance.service_account
    if needed is None:
        return
    where = f"cloud_sql entry ‘{instance.name}’, service_account"
    account = accounts.get(needed)
    if account is None:
        raise BadOffer(f"{where}: ‘{needed}’ is not in service_accounts; offer it there too.")
    if account.groups and not (instance.groups and set(instance.groups) <= set(account.groups)):
        raise BadOffer(
            f"{where}: ‘{needed}’ is offered to fewer groups than the instance; "
            "give both the same groups."
        )


def _read_images(given: object) -> tuple[ImagePattern, ...]:
    if not isinstance(given, list | tuple) or not all(isinstance(one, str) for one in given):
        raise BadOffer("images has to be a list of patterns such as registry.example.org/team/*.")
    try:
        return tuple(read_pattern(one) for one in given)
    except ValueError as error:
        raise BadOffer(f"images: {error}") from None


def _read_gpu(given: object) -> GpuOffer | None:
    if given is None:
        return None
    entry = Entry("gpu", given, ("resource", "most"))
    resource = entry.text("resource")
    if not _RESOURCE.fullmatch(resource):
        raise entry.bad("resource", "has to be a resource's name such as nvidia.com/gpu")
    return GpuOffer(resource, entry.number("most", 1, 1, 64))


def _read_proxy(given: object) -> CloudSqlProxy:
    entry = Entry(
        "cloud_sql_proxy",
        {} if given is None else given,
        ("image", "health_port", "cpu", "memory"),
    )
    image = entry.text("image", CloudSqlProxy.image)
    try:
        parse_image(image)
    except ValueError as error:
        raise BadOffer(f"cloud_sql_proxy, image: {error}") from None
    return CloudSqlProxy(
        image=image,
        health_port=entry.number(
            "health_port", CloudSqlProxy.health_port, LEAST_PORT, _MOST_FIRST_PORT
        ),
        cpu=entry.quantity("cpu"),
        memory=entry.quantity("memory"),
    )

"""The rules on what is attached together: no variable, folder or port may be had by two.

The plan refuses the same contradictions. These rules find them before the hub is asked, and name
the field of the request.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from ..request import LaunchRequest
from ..request.attached import attached_instances, attached_secrets, health_ports
from ..request.paths import is_inside
from .facts import Facts
from .refusal import Refusal
from .rules import variables_set


def attached_variables_are_allowed(request: LaunchRequest, facts: Facts) -> Iterator[Refusal]:
    """Refuse attachments that set variables which belong to the session."""
    refused = (*facts.env_refused, *facts.env_reserved)
    for field, origin, name in _variables(request, facts):
        if any(fnmatchcase(name, pattern) for pattern in refused):
            sentence = f"The {origin} sets {name}, which belongs to the session."
            yield Refusal(field, f"{sentence} Tell the administrator.")


def attached_variables_are_free(request: LaunchRequest, facts: Facts) -> Iterator[Refusal]:
    """Refuse a variable that two of environment, attachments and the request itself set."""
    environment = facts.environments.get(request.environment)
    found = variables_set(request, environment) if environment else {}
    attached: dict[str, str] = {}
    for field, origin, name in _variables(request, facts):
        if name in found:
            yield Refusal(field, f"{found[name]} sets {name} too; leave one of the two out.")
        else:
            attached[name] = found[name] = f"The {origin}"
    for name in request.env:
        if name in attached:
            yield Refusal(f"env.{name}", f"{attached[name]} sets this variable; use another name.")


def folders_are_free(request: LaunchRequest, facts: Facts) -> Iterator[Refusal]:
    """Refuse files of secrets where something else is, or where nothing can be put."""
    if not facts.can_give("secrets"):
        return
    drives = [(one.path, one.read_only) for one in request.extra_drives]
    earlier: list[str] = []
    for one in attached_secrets(request, facts.offers):
        folder = one.folder
        if folder is None:
            continue
        is_taken = any(is_inside(folder, f) or is_inside(f, folder) for f in earlier) or any(
            is_inside(path, folder) or (is_closed and is_inside(folder, path))
            for path, is_closed in drives
        )
        if is_taken:
            sentence = f"Another drive or secret is at ‘{folder}’ or in it; choose another path."
            yield Refusal(f"secrets.{one.place}.path", sentence)
        earlier.append(folder)


def ports_are_free(request: LaunchRequest, facts: Facts) -> Iterator[Refusal]:
    """Refuse ports that the session's own programs or the proxies of databases listen on."""
    offers = facts.offers
    instances = attached_instances(request, offers) if facts.can_give("cloud_sql") else ()
    health = health_ports(tuple(one.offer for one in instances), offers).values()
    taken = {
        **dict.fromkeys(offers.own_ports, "the session itself"),
        **dict.fromkeys(health, "the Cloud SQL proxy"),
    }
    for one in instances:
        if one.port in taken:
            yield Refusal(f"cloud_sql.{one.place}.port", _taken_by(one.port, taken))
        taken.setdefault(one.port, f"the {one.origin}")
    if not facts.can_give("ports"):
        return
    for place, port in enumerate(request.ports):
        if port.number in taken:
            yield Refusal(f"ports.{place}.number", _taken_by(port.number, taken))


def _taken_by(port: int, taken: Mapping[int, str]) -> str:
    return f"{port} is taken by {taken[port]}. Choose another port."


def _variables(request: LaunchRequest, facts: Facts) -> Iterator[tuple[str, str, str]]:
    """Give field, origin and name of each variable that an attachment sets."""
    if facts.can_give("secrets"):
        for secret in attached_secrets(request, facts.offers):
            for name in secret.env:
                yield f"secrets.{secret.place}.name", secret.origin, name
    if facts.can_give("cloud_sql"):
        for instance in attached_instances(request, facts.offers):
            for name in instance.env:
                yield f"cloud_sql.{instance.place}.instance", instance.origin, name

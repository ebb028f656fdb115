"""What the preview offers beside its checks: a fix at a click, and news that stop nothing; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sessions_spawner.durations import say_duration
from sessions_spawner.policy import Facts
from sessions_spawner.request import LaunchRequest, to_stored
from sessions_spawner.request.attached import attached_instances
from sessions_spawner.request.environments import default_of

from ..drives.models import Drive, HeldByOne

_LISTS: Final = ("extra_drives", "secrets", "cloud_sql", "ports")
_LEFT_OUT: Final = ("image", "billing_project", "max_lifetime", "service_account")
_NAMED_HOLDERS: Final = 3

Fix = dict[str, Any]
Check = dict[str, Any]
# Without changes the page leads to the field.
CHOOSE_ANOTHER: Final[Fix] = {"label": "Choose another drive", "changes": {}}


def make_check(
    field: str,
    message: str,
    *,
    path: str = "",
    line: int | None = None,
    rule: str = "",
    level: str = "error",
    code: str = "field",
    fixes: Sequence[Fix] = (),
) -> Check:
    """Return one check as page.md A8 has it; `field` is a path in the request, "" is the whole.

    `path` and `line` are places in somebody's YAML, `rule` says whose rule it is.
    """
    return {
        "field": field,
        "path": path,
        "line": line,
        "rule": rule,
        "level": level,
        "code": code,
        "message": message,
        "fixes": list(fixes),
    }


def fixes_for(field: str, request: LaunchRequest, facts: Facts) -> list[Fix]:
    """Return what a click can change so that the field is right, as `{label, changes}`."""
    top, _, rest = field.partition(".")
    if top in _LISTS:
        return _without_entry(top, rest, request)
    if top == "environment":
        return _default_environment(request, facts)
    if top == "choices":
        return _default_choice(rest, request, facts)
    if top == "idle_timeout":
        return _longest_timeout(facts)
    if top == "resources":
        return _most_of(rest, request, facts)
    if top == "drive":
        return _default_drive(request)
    if top == "service_account" and (needed := _needed_account(request, facts)):
        return [_fix(f"Choose ‘{needed}’", service_account=needed)]
    if top in _LEFT_OUT and getattr(request, top) is not None:
        return [_fix("Leave it out", **{top: None})]
    return []


def drives_in_use(
    request: LaunchRequest, found: Mapping[str, Drive], can_read_only: bool
) -> list[Check]:
    """Return a check a drive that live sessions hold and another one can have too.

    `found` maps how the request names a drive to the drive with its holders.
    """
    checks = []
    for drive, field, read_only in _held(request, found):
        if not drive.is_for_one:
            fixes = _read_only(field, request) if can_read_only and not read_only else []
            fixes.append(CHOOSE_ANOTHER)
            checks.append(_in_use(drive, field, fixes))
    return checks


def held_by_one(request: LaunchRequest, found: Mapping[str, Drive]) -> list[Check]:
    """Return a check a drive that is held by the one session that can have it."""
    return [
        make_check(
            field, str(HeldByOne(drive, drive.mounted_by[0])), code="in-use", fixes=[CHOOSE_ANOTHER]
        )
        for drive, field, _read_only in _held(request, found)
        if drive.is_for_one
    ]


def _held(request: LaunchRequest, found: Mapping[str, Drive]) -> Iterator[tuple[Drive, str, bool]]:
    """Give each drive that live sessions mount, its field, and whether it is only read."""
    named = [(request.drive, "drive", False)]
    named += [
        (one.drive, f"extra_drives.{place}.drive", one.read_only)
        for place, one in enumerate(request.extra_drives)
    ]
    for name, field, read_only in named:
        drive = found.get(name)
        if drive is not None and drive.mounted_by:
            yield drive, field, read_only


def limit_reached(limits: Mapping[str, Mapping[str, int]]) -> list[Check]:
    """Return a check if the visitor has as many sessions running as he may."""
    used, most = limits["sessions"]["used"], limits["sessions"]["max"]
    if used < most:
        return []
    sentence = f"You have {used} of {most} sessions running. Stop one first."
    return [make_check("", sentence, code="limit")]


def _in_use(drive: Drive, field: str, fixes: Sequence[Fix]) -> Check:
    name = "Your default drive" if drive.is_default else f"‘{drive.name}’"
    holders = [one.session_name for one in drive.mounted_by]
    more = len(holders) - _NAMED_HOLDERS
    listed = ", ".join(holders[:_NAMED_HOLDERS]) + (f" and {more} more" if more > 0 else "")
    if drive.is_for_one_machine:
        sentence = f"{name} is in use by {listed}: this session has to start on the same machine."
        return make_check(field, sentence, level="warning", code="in-use", fixes=fixes)
    # Sharing a default drive is what people do all day: no offer is needed.
    sentence = f"{name} is in use by {listed} too: both work with the same files."
    offered = () if drive.is_default else fixes
    return make_check(field, sentence, level="note", code="in-use", fixes=offered)


def _read_only(field: str, request: LaunchRequest) -> list[Fix]:
    """Return the fix that attaches an extra drive read-only; the drive of the home cannot be."""
    if field == "drive":
        return []
    place = int(field.split(".")[1])
    entries = _entries("extra_drives", request)
    entries[place] = {**entries[place], "read_only": True}
    return [_fix("Attach it read-only", extra_drives=entries)]


def _without_entry(top: str, rest: str, request: LaunchRequest) -> list[Fix]:
    place = rest.partition(".")[0]
    entries = _entries(top, request)
    if not place.isdigit() or int(place) >= len(entries):
        return [_fix("Leave it out", **{top: []})] if entries and not place else []
    return [_fix("Leave it out", **{top: entries[: int(place)] + entries[int(place) + 1 :]})]


def _entries(top: str, request: LaunchRequest) -> list[dict[str, Any]]:
    return list(to_stored(request).get(top, []))


def _default_environment(request: LaunchRequest, facts: Facts) -> list[Fix]:
    default = default_of(facts.environments.values())
    if default is None or default.name == request.environment:
        return []
    return [_fix(f"Choose ‘{default.title}’", environment=default.name, choices={})]


def _default_choice(name: str, request: LaunchRequest, facts: Facts) -> list[Fix]:
    environment = facts.environments.get(request.environment)
    for choice in environment.choices if environment else ():
        if choice.name == name and choice.default is not None:
            label = choice.values.get(choice.default, choice.default)
            choices = {**to_stored(request).get("choices", {}), name: choice.default}
            return [_fix(f"Use ‘{label}’", choices=choices)]
    return []


def _longest_timeout(facts: Facts) -> list[Fix]:
    most = facts.idle_timeout_max
    return [] if most is None else [_fix(f"Use {say_duration(most)}", idle_timeout=most)]


def _most_of(name: str, request: LaunchRequest, facts: Facts) -> list[Fix]:
    gpu = facts.offers.gpu
    most = {
        "cpu": facts.cpu_max,
        "memory": facts.memory_max,
        "gpu": gpu.most if gpu else None,
    }.get(name)
    resources = {**to_stored(request).get("resources", {}), name: most}
    label = "Leave it out" if most is None else f"Use {most}"
    return [_fix(label, resources=resources)]


def _default_drive(request: LaunchRequest) -> list[Fix]:
    if request.drive == "default":
        return []
    return [_fix("Choose your default drive", drive="default")]


def _needed_account(request: LaunchRequest, facts: Facts) -> str | None:
    """Return the account that the request's instances need and it does not have."""
    for one in attached_instances(request, facts.offers):
        needed = one.offer.service_account
        if needed is not None and needed != request.service_account:
            return needed
    return None


def _fix(label: str, **changes: Any) -> Fix:
    return {"label": label, "changes": changes}

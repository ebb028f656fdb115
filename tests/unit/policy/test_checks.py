"""The service's own checks: facts from settings, drives of one's own, names and addresses."""

from __future__ import annotations

import pytest

from sessions_service.sessions.checks import (
    drives_named,
    email_of,
    make_facts,
    require_allowed,
    require_drives,
)
from sessions_service.sessions.names import invent_name
from sessions_service.web.errors import WrongFields
from sessions_spawner.request import LaunchRequest, parse_request
from sessions_spawner.request.environments import Environment
from sessions_spawner.wire.snapshot import Snapshot

SNAPSHOT = Snapshot(
    unsupported={"image": "Not here."},
    env_refused=("HOME",),
    idle_max=3600,
    idle_may_be_never=False,
    cpu_max="2",
    memory_max="4Gi",
)
FACTS = make_facts(SNAPSHOT, (Environment("python", "Python"),))


def test_the_rules_look_at_the_settings_of_the_hub() -> None:
    assert (FACTS.idle_timeout_max, FACTS.idle_may_be_never) == (3600, False)
    assert (FACTS.cpu_max, FACTS.memory_max, FACTS.env_refused) == ("2", "4Gi", ("HOME",))
    require_allowed(parse_request({"environment": "python"}), FACTS)


def test_every_broken_rule_is_a_wrong_field() -> None:
    request = parse_request({"environment": "r", "image": "a", "idle_timeout": -1})
    with pytest.raises(WrongFields) as refused:
        require_allowed(request, FACTS)
    assert set(refused.value.fields) == {"environment", "image", "idle_timeout"}
    assert refused.value.status == 422


def test_a_drive_that_is_not_ones_own_is_named() -> None:
    def asking(home: str, *extra: str) -> LaunchRequest:
        extras = [{"drive": name, "path": f"at-{name}"} for name in extra]
        return parse_request({"environment": "python", "drive": home, "extra_drives": extras})

    sentence = "You have no drive called ‘bobs’. Make it first."
    require_drives(asking("default", "data"), {"default": object(), "data": object()})
    for request, fields in (
        (asking("bobs"), {"drive"}),
        (asking("default", "data", "bobs"), {"extra_drives.1.drive"}),
        (asking("bobs", "bobs", "data"), {"drive", "extra_drives.0.drive"}),
    ):
        with pytest.raises(WrongFields) as refused:
            require_drives(request, {"default": object(), "data": object()})
        assert refused.value.fields == dict.fromkeys(fields, sentence)


def test_a_request_names_its_home_drive_and_its_extra_ones() -> None:
    extra = [{"drive": "a", "path": "x"}, {"drive": "default", "path": "y"}]
    request = parse_request({"environment": "python", "extra_drives": extra})
    assert drives_named(request) == {"default", "a"}


@pytest.mark.parametrize(
    ("name", "suffix", "email"),
    [
        ("anna", "", None),
        ("anna", "@example.org", "anna@example.org"),
        ("anna@example.com", "", "anna@example.com"),
        ("anna@example.com", "@example.org", "anna@example.com"),
    ],
)
def test_an_address_follows_from_the_name(name: str, suffix: str, email: str | None) -> None:
    assert email_of(name, suffix) == email


def test_an_invented_name_is_one_that_a_request_may_have() -> None:
    for _ in range(500):
        name = invent_name()
        assert parse_request({"environment": "python", "name": name}).name == name
        first, second, number = name.split("-")
        assert first.isalpha()
        assert second.isalpha()
        assert 10 <= int(number) <= 99

"""What the preview offers beside its checks: a fix at a click, and who else works with a drive."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sessions_service.drives.models import Drive, Holder
from sessions_service.sessions.suggestions import (
    drives_in_use,
    fixes_for,
    held_by_one,
    limit_reached,
)
from sessions_spawner.policy import Facts
from sessions_spawner.request import LaunchRequest, parse_request
from sessions_spawner.request.environments import Environment
from sessions_spawner.request.offers import GpuOffer, InstanceOffer, Offers
from sessions_spawner.request.options import Choice

SIZE = Choice("size", "Size", {"small": "Small", "big": "Big"}, "small")
FACTS = Facts(
    environments={
        "python": Environment("python", "Python 3.12", is_default=True, choices=(SIZE,)),
        "r": Environment("r", "R 4.5"),
    },
    idle_timeout_max=43_200,
    lifetime_max=180_000,
    cpu_max="8",
    offers=Offers(
        cloud_sql={"p:r:i": InstanceOffer("p:r:i", "i", service_account="train")},
        gpu=GpuOffer("example.org/gpu", 2),
    ),
)


def make_request(**fields: Any) -> LaunchRequest:
    return parse_request({"environment": "python", **fields})


def make_drive(name: str, mode: str | None, *holders: str) -> Drive:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    held = tuple(Holder(f"s{name}", name, read_only=False) for name in holders)
    return Drive("d1", "key", "anna", name, None, at, None, None, access_mode=mode, mounted_by=held)


PORTS = [{"number": 8080}, {"number": 8888, "name": "mine"}]


@pytest.mark.parametrize(
    ("field", "asked", "label", "changes"),
    [
        ("environment", {"environment": "gone"}, "Choose ‘Python 3.12’",
         {"environment": "python", "choices": {}}),
        ("choices.size", {"choices": {"size": "huge"}}, "Use ‘Small’",
         {"choices": {"size": "small"}}),
        ("idle_timeout", {"idle_timeout": -1}, "Use 12 h", {"idle_timeout": 43_200}),
        ("max_lifetime", {"max_lifetime": 200_000}, "Use 50 h", {"max_lifetime": 180_000}),
        ("max_lifetime", {"max_lifetime": 600}, "Leave it out", {"max_lifetime": None}),
        ("resources.cpu", {"resources": {"cpu": "9", "memory": "4Gi"}}, "Use 8",
         {"resources": {"cpu": "8", "memory": "4Gi"}}),
        ("resources.gpu", {"resources": {"gpu": 4}}, "Use 2", {"resources": {"gpu": 2}}),
        ("drive", {"drive": "gone"}, "Choose your default drive", {"drive": "default"}),
        ("ports.1.number", {"ports": PORTS}, "Leave it out", {"ports": [{"number": 8080}]}),
        ("secrets.0.name", {"secrets": [{"name": "s3"}]}, "Leave it out", {"secrets": []}),
        ("image", {"image": "me/image"}, "Leave it out", {"image": None}),
        ("service_account", {"cloud_sql": [{"instance": "p:r:i"}]}, "Choose ‘train’",
         {"service_account": "train"}),
        ("service_account", {"service_account": "gone"}, "Leave it out",
         {"service_account": None}),
    ],
)  # fmt: skip
def test_a_click_mends_what_is_wrong(
    field: str, asked: dict[str, Any], label: str, changes: dict[str, Any]
) -> None:
    assert fixes_for(field, make_request(**asked), FACTS) == [{"label": label, "changes": changes}]


@pytest.mark.parametrize(
    "field", ["drive", "name", "env.A", "ports.7.number", "image", "choices.x"]
)
def test_where_nothing_helps_nothing_is_offered(field: str) -> None:
    assert fixes_for(field, make_request(), FACTS) == []


def test_a_drive_that_others_hold_is_told_with_what_can_be_done() -> None:
    found = {
        "default": make_drive("default", None, "first"),
        "data": make_drive("data", "ReadWriteOnce", "a", "b", "c", "d"),
        "alone": make_drive("alone", "ReadWriteOncePod", "a"),
        "free": make_drive("free", None),
    }
    names = ["data", "alone", "free"]
    extra = [{"drive": name, "path": name} for name in names]
    checks = drives_in_use(make_request(extra_drives=extra), found, can_read_only=True)
    assert [(one["field"], one["level"], one["message"]) for one in checks] == [
        ("drive", "note",
         "Your default drive is in use by first too: both work with the same files."),
        ("extra_drives.0.drive", "warning",
         "‘data’ is in use by a, b, c and 1 more: this session has to start on the same machine."),
    ]  # fmt: skip
    (held,) = held_by_one(make_request(extra_drives=extra), found)
    assert (held["field"], held["code"]) == ("extra_drives.1.drive", "in-use")
    assert "‘alone’, and ‘a’ has it" in held["message"]
    assert checks[0]["fixes"] == []
    read_only, another = checks[1]["fixes"]
    assert read_only["label"] == "Attach it read-only"
    assert [one.get("read_only") for one in read_only["changes"]["extra_drives"]] == [
        True, None, None
    ]  # fmt: skip
    assert another == {"label": "Choose another drive", "changes": {}}


def test_read_only_is_not_offered_where_it_cannot_be_had_or_is_chosen() -> None:
    found = {"data": make_drive("data", "ReadWriteOnce", "a")}
    extra = {"drive": "data", "path": "data"}
    asked = [(extra, False), ({**extra, "read_only": True}, True)]
    for entry, can in asked:
        (check,) = drives_in_use(make_request(extra_drives=[entry]), found, can_read_only=can)
        assert [one["label"] for one in check["fixes"]] == ["Choose another drive"]


def test_a_full_limit_is_told_before_anything_is_sent() -> None:
    (check,) = limit_reached({"sessions": {"used": 10, "max": 10}})
    assert check["message"] == "You have 10 of 10 sessions running. Stop one first."
    assert limit_reached({"sessions": {"used": 9, "max": 10}}) == []

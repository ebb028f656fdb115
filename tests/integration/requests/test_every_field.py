"""Every field of a launch request has an effect on a local session, or is refused by its name."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest

from sessions_spawner.local import notes
from sessions_spawner.request import LaunchRequest
from sessions_spawner.request.fields import Part
from tests.support.inside import env_of_kernel, server_process_of
from tests.support.product import Product
from tests.support.refusals import refusal_of
from tests.support.waiting import wait_for

pytestmark = pytest.mark.hub5

Session = dict[str, Any]
Effect = Callable[[Product, Session, str], None]
NOT_LOCAL = "Sessions on this hub are processes of one machine and cannot give this."
LATER = "This hub does not offer this."


def is_called(product: Product, session: Session, door: str) -> None:
    assert session["name"] == "Fish tank"


def runs_the_other_program(product: Product, session: Session, door: str) -> None:
    assert session["environment"] == "other"
    command = Path(f"/proc/{server_process_of(product, session['id'])}/cmdline").read_bytes()
    assert b"-m\0jupyterhub.singleuser" in command


def is_large(product: Product, session: Session, door: str) -> None:
    assert env_of_kernel(product, session)["MODE"] == "large"
    assert memory_limit_of(product, session) == 2 << 30


def ends_after_its_timeout(product: Product, session: Session, door: str) -> None:
    assert session["idle_timeout"] == 1234
    ready, ends = (datetime.fromisoformat(session[name]) for name in ("ready_at", "expires_at"))
    assert timedelta(seconds=1230) < ends - ready < timedelta(seconds=1300)


def ends_after_its_longest_life(product: Product, session: Session, door: str) -> None:
    ready, ends = (datetime.fromisoformat(session[name]) for name in ("ready_at", "expires_at"))
    assert timedelta(seconds=595) < ends - ready < timedelta(seconds=605)
    assert session["lifetime_ends_at"] == session["expires_at"]


def has_that_home(product: Product, session: Session, door: str) -> None:
    drives = product.api("GET", "drives", expect=200).json()["items"]
    (drive,) = [one for one in drives if one["name"] == "data"]
    assert Path(env_of_kernel(product, session)["HOME"]).name == drive["id"]


def has_that_folder(product: Product, session: Session, door: str) -> None:
    (extra,) = session["extra_drives"]
    home = Path(env_of_kernel(product, session)["HOME"])
    drive = product.api("GET", "drives/data", expect=200).json()
    assert extra["path"] == "more"
    assert (home / "more").resolve().name == drive["id"]


def has_that_memory(product: Product, session: Session, door: str) -> None:
    assert memory_limit_of(product, session) == 1536 << 20


def is_limited_or_said_not_to_be(product: Product, session: Session, door: str) -> None:
    groups = cgroups_of(product, session)
    if any((group / "cpu.cfs_quota_us").exists() for group in groups):
        (group,) = [one for one in groups if (one / "cpu.cfs_quota_us").exists()]
        assert (group / "cpu.cfs_quota_us").read_text().strip() == "150000"
    elif any((group / "cpu.max").exists() for group in groups):
        assert any("150000" in (group / "cpu.max").read_text() for group in groups)
    else:
        assert "The CPU limit is not applied" in product.log()


def has_that_variable(product: Product, session: Session, door: str) -> None:
    assert env_of_kernel(product, session)["TINY_FLAG"] == "is on"


def is_paid_by_it(product: Product, session: Session, door: str) -> None:
    assert session["billing_project"] == "physics"
    listed = product.api("GET", "sessions?billing_project=physics", expect=200).json()["items"]
    assert [one["id"] for one in listed] == [session["id"]]


def has_no_parent_that_nobody_sees(product: Product, session: Session, door: str) -> None:
    # `test_a_clone_names_its_parent` has the other side.
    assert session["parent"] is None


WANTED: dict[str, tuple[Any, str | Effect]] = {
    "name": ("Fish tank", is_called),
    "environment": ("other", runs_the_other_program),
    "choices": ({"size": "large"}, is_large),
    "image": ("registry.example.org/team/image:1", NOT_LOCAL),
    "idle_timeout": (1234, ends_after_its_timeout),
    "max_lifetime": (600, ends_after_its_longest_life),
    "drive": ("data", has_that_home),
    "extra_drives": ([{"drive": "data", "path": "more"}], has_that_folder),
    "resources.cpu": ("1500m", is_limited_or_said_not_to_be),
    "resources.memory": ("1536Mi", has_that_memory),
    "resources.gpu": (1, NOT_LOCAL),
    "secrets": ([{"name": "key"}], NOT_LOCAL),
    "service_account": ("robot", NOT_LOCAL),
    "cloud_sql": ([{"instance": "project:region:name"}], NOT_LOCAL),
    "ports": ([{"number": 8080}], LATER),
    "billing_project": ("physics", is_paid_by_it),
    "visibility": ({"level": "everyone"}, LATER),
    "collaborative": (True, LATER),
    "env": ({"TINY_FLAG": "is on"}, has_that_variable),
    "pod_overrides": ("metadata: {}", NOT_LOCAL),
    "pod_spec": ("spec: {}", NOT_LOCAL),
    "cloned_from": ("saaaaaaaaaaa", has_no_parent_that_nobody_sees),
}


def fields_of(model: type[Part]) -> set[str]:
    """Return a request's fields; those of an object within it that is optional one by one."""
    found = set()
    for name, field in model.model_fields.items():
        kinds = [one for one in get_args(field.annotation) if isinstance(one, type)]
        parts = [one for one in kinds if issubclass(one, Part)]
        inner = parts[0] if type(None) in kinds and parts else None
        found |= {f"{name}.{below}" for below in fields_of(inner)} if inner else {name}
    return found


def body_of(field: str) -> dict[str, Any]:
    """Return a request that asks for one field and has the default of every other one."""
    top, _, inner = field.partition(".")
    value = WANTED[field][0]
    base = "sized" if field == "choices" else "python"
    return {"environment": base, top: {inner: value} if inner else value}


REFUSED = [field for field, (_value, found) in WANTED.items() if isinstance(found, str)]
HAVING_AN_EFFECT = [field for field in WANTED if field not in REFUSED]


def test_every_field_has_a_row_here() -> None:
    assert fields_of(LaunchRequest) == set(WANTED)


@pytest.mark.parametrize("field", REFUSED)
def test_the_service_refuses_what_it_cannot_give(product: Product, field: str) -> None:
    body = {"idle_timeout": 900, "drive": "default", **body_of(field)}
    error = product.api("POST", "sessions", body, expect=422).json()["error"]
    assert error["fields"] == {field: WANTED[field][1]}
    checks = product.api("POST", "preview", body, expect=200).json()["checks"]
    assert (field, WANTED[field][1]) in [(one["field"], one["message"]) for one in checks]


@pytest.mark.parametrize("field", REFUSED)
def test_the_spawner_refuses_what_it_cannot_give(product: Product, field: str) -> None:
    path = "users/anna/servers/mine"
    token = product.token("anna")
    refusal = refusal_of(product, path, body_of(field), token=token)
    assert f"{field}: {WANTED[field][1]}" in refusal


@pytest.mark.parametrize("field", HAVING_AN_EFFECT)
@pytest.mark.parametrize("door", ["the service", "the hub"])
def test_a_field_that_is_taken_has_its_effect(product: Product, field: str, door: str) -> None:
    product.api("POST", "drives", {"name": "data"})
    if door == "the service":
        session = product.create(**body_of(field))
    else:
        token = product.token("anna")
        product.hub("POST", "users/anna/servers/mine", body_of(field), token=token)
        session = wait_for(lambda: the_live_one(product), what="a session")
    session = product.wait_state(session["id"], "running")
    effect = WANTED[field][1]
    assert callable(effect)
    effect(product, session, door)


def test_a_clone_names_its_parent(product: Product) -> None:
    parent = product.running()
    clone = product.api("GET", f"sessions/{parent['id']}/clone", expect=200).json()["request"]
    session = product.api("POST", "sessions", clone, expect=201).json()
    assert (session["origin"], session["parent"]) == ("clone", parent["id"])


def the_live_one(product: Product) -> Session:
    """Return the only live session, or nothing yet."""
    items: list[Session] = product.api("GET", "sessions", expect=200).json()["items"]
    return items[0] if items else {}


def cgroups_of(product: Product, session: Session) -> list[Path]:
    """Return the control groups of a running session."""
    return [
        Path(group)
        for note in notes.read_all(product.state / "processes")
        if note.key.startswith(f"{session['id']}:") and not note.ended
        for group in note.cgroups
    ]


def memory_limit_of(product: Product, session: Session) -> int:
    """Return the bytes that a running session may use."""
    for group in cgroups_of(product, session):
        for name in ("memory.max", "memory.limit_in_bytes"):
            if (group / name).exists():
                return int((group / name).read_text())
    limits = Path(f"/proc/{server_process_of(product, session['id'])}/limits").read_text()
    found = re.search(r"^Max data size +(\d+)", limits, re.MULTILINE)
    return int(found[1]) if found else 0

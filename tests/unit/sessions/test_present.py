"""A session's JSON: every field of the contract, in its shape, as each visitor may see it."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sessions_service.clock.idle import IdleState
from sessions_service.db.seal import Seal
from sessions_service.identity.visitor import Visitor
from sessions_service.lifecycle.actors import Part
from sessions_service.lifecycle.causes import Cause
from sessions_service.lifecycle.table import State
from sessions_service.sessions.checks import effective, environment_in, offered_timeouts
from sessions_service.sessions.models import Session
from sessions_service.sessions.present import Surroundings, present
from sessions_service.sessions.schemas import SessionOut
from sessions_service.sessions.sealed import seal_request
from sessions_spawner.request import parse_request
from sessions_spawner.request.environments import Environment
from sessions_spawner.wire.snapshot import Snapshot
from tests.support.records import NOON

# Section 7 of the design, and what the page needs beside it.
CONTRACT = {
    "id", "server", "name", "owner", "email", "state", "status", "cause", "environment", "image",
    "drive", "extra_drives", "idle_timeout", "expires_at", "started_at", "ready_at", "ended_at",
    "visibility", "collaborative", "ports", "billing_project", "service_account", "secrets",
    "cloud_sql", "resources", "cost", "origin", "parent", "urls", "version",
    "created_at", "access", "progress", "lifetime_ends_at", "explanation", "ended_by", "allowed",
    "environment_title", "environment_retired", "custom_yaml", "idle", "revision",
}  # fmt: skip
EVERYTHING = frozenset({"read:servers", "start:servers", "delete:servers"})
ANNA = Visitor("anna", EVERYTHING)
ENV = {"TOKEN": "canary"}


def make(**different: Any) -> Session:
    """Return a running session of anna's."""
    session = Session(
        id="saaaaaaaaaaa", server="saaaaaaaaaaa", owner="anna", owner_key="anna@2026",
        email=None, name="calm-heron-42", environment="python", environment_title="Python",
        image=None, state=State.RUNNING, wanted="run", cause=None, ended_by=None,
        ended_by_kind=None, ended_on_behalf_of=None, generation=1, version=4, revision=9, lines=4,
        origin="new", parent=None, request={"version": 1, "environment": "python", "env": ENV},
        request_digest="0" * 64, cpu="2", memory="4Gi", drive_id="ddefault", drive_name="default",
        idle_timeout=900, max_lifetime=None, created_at=NOON, started_at=NOON, ready_at=NOON,
        ended_at=None, last_used_at=None, extended_until=None, lifetime_ends_at=None,
        expires_at=None, token_sha256=None, billing_project=None, service_account=None,
        archived=False, hub_removed=False, stages=[], evidence={},
    )  # fmt: skip
    return replace(session, **different)


def show(session: Session, visitor: Visitor = ANNA, **around: Any) -> dict[str, Any]:
    """Return a session's JSON, held to its schema."""
    surroundings = Surroundings(
        base_url="/", doors={}, environments=None, progress=None, idle=IdleState(900), **around
    )
    shown = present(session, visitor, surroundings)
    SessionOut.model_validate(shown)
    assert set(SessionOut.model_fields) == set(shown)
    return shown


def test_every_field_of_the_contract_is_there() -> None:
    shown = show(make())
    assert set(shown) >= CONTRACT
    assert set(shown["urls"]) == set(shown["access"]) == {"lab", "code", "shell", "ssh"}
    assert set(shown["visibility"]) >= {"level", "may", "users", "groups", "until"}
    assert shown["cost"] is None
    assert shown["problem"] is None


def test_resources_are_what_the_session_got() -> None:
    request = {"version": 1, "environment": "python", "resources": {"gpu": 1}}
    assert show(make())["resources"] == {"cpu": "2", "memory": "4Gi", "gpu": None}
    assert show(make(request=request))["resources"] == {"cpu": "2", "memory": "4Gi", "gpu": 1}
    shown = show(make(cpu=None, memory=None))
    assert shown["resources"] == {"cpu": None, "memory": None, "gpu": None}


@pytest.mark.parametrize(
    ("asked", "got"),
    [
        ({}, ("team/python:3", "1", "2Gi")),
        ({"resources": {"memory": "8Gi"}}, ("team/python:3", "1", "8Gi")),
        ({"image": "own:1", "resources": {"cpu": "4"}}, ("own:1", "4", "2Gi")),
    ],
)
def test_what_was_not_asked_for_is_the_environments(
    asked: dict[str, Any], got: tuple[str, ...]
) -> None:
    environment = Environment("python", "Python", image="team/python:3", cpu="1", memory="2Gi")
    request = parse_request({"environment": "python", **asked})
    assert effective(request, environment) == got
    snapshot = Snapshot(environments=[environment.to_wire()])
    assert effective(request, environment_in(snapshot, "python")) == got
    assert environment_in(snapshot, "other") is None
    assert environment_in(Snapshot(), "python") is None


def test_without_limits_anywhere_there_is_none() -> None:
    request = parse_request({"environment": "python"})
    assert effective(request, None) == (None, None, None)


@pytest.mark.parametrize("key", ["", secrets.token_hex(32)], ids=["open", "sealed"])
def test_values_of_variables_are_the_owners_alone(key: str) -> None:
    seal = Seal(key)
    session = make(request=seal_request(make().request, seal))
    assert show(session, seal=seal)["env"] == ENV
    for other in (
        Visitor("kim", EVERYTHING),
        Visitor("anna", EVERYTHING, is_service=True),
        Visitor("", EVERYTHING),
    ):
        assert show(session, other, seal=seal)["env"] == {"TOKEN": "•••"}


def test_an_ends_actor_is_shown_with_its_kind() -> None:
    ended: dict[str, Any] = {
        "state": State.STOPPED, "cause": Cause.USER, "ended_by": "hub",
        "ended_at": NOON + timedelta(hours=1),
    }  # fmt: skip
    by_hub = show(make(**ended, ended_by_kind="part"))
    assert (by_hub["ended_by"], by_hub["ended_by_kind"]) == (Part.HUB, "part")
    assert by_hub["explanation"]["sentence"] == "It was stopped through the hub."
    by_person = show(make(**ended, ended_by_kind="person"))
    assert by_person["explanation"]["sentence"] == "hub stopped it."
    assert show(make(**ended, ended_by_kind="person"), Visitor("hub", EVERYTHING))["explanation"][
        "sentence"
    ] == ("You stopped it.")


def test_after_an_idle_end_this_hubs_next_timeout_is_offered() -> None:
    ended: dict[str, Any] = {"state": State.STOPPED, "cause": Cause.IDLE, "ended_by": "clock"}
    shown = show(make(**ended, ended_at=NOON), idle_presets=(900, 5400, -1))
    assert shown["explanation"]["next"]["changes"] == {"idle_timeout": 5400}


def test_presets_that_are_not_allowed_are_not_offered() -> None:
    presets = (900, 3600, 7200, -1)
    assert offered_timeouts(Snapshot(idle_presets=presets)) == presets
    capped = Snapshot(idle_presets=presets, idle_max=3600, idle_may_be_never=False)
    assert offered_timeouts(capped) == (900, 3600)


def test_a_record_that_cannot_be_read_is_shown_with_its_sentence_and_allows_nothing() -> None:
    sentence = "The record of this session cannot be read: this version knows no state ‘x’."
    shown = show(make(state=State.FAILED, damage=sentence))
    assert shown["problem"] == shown["explanation"]["sentence"] == sentence
    assert {value for value in shown["allowed"].values() if value is True} == set()
    assert shown["env"] == {}


def test_a_request_that_cannot_be_read_is_said_and_the_rest_is_shown() -> None:
    shown = show(make(request={"version": 9, "env": 3, "ports": "none"}))
    assert shown["problem"].endswith("its version 9 is not known.")
    assert (shown["ports"], shown["env"]) == ([], {})
    assert shown["allowed"]["stop"] is True
    assert shown["allowed"]["clone"] == shown["problem"]

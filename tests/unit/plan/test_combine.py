"""Contributions become one plan that knows where everything came from; conflicts name both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_spawner.plan import (
    Contribution,
    Mount,
    Plan,
    PlanConflict,
    PlanFacts,
    combine,
    layers_of,
    make_plan,
)
from sessions_spawner.request import parse_request
from sessions_spawner.request.environments import Environment


def test_a_plan_holds_what_all_bring_and_who_brought_it() -> None:
    plan = combine(
        [
            Contribution("drives", mounts=(Mount("d1"), Mount("d2", "data", read_only=True))),
            Contribution("size", settings={"cpu": "1"}, labels={"size": "s"}),
            Contribution("env", env={"A": "1"}),
        ]
    )
    assert plan == Plan(
        settings={"cpu": "1"},
        env={"A": "1"},
        mounts=(Mount("d1"), Mount("d2", "data", read_only=True)),
        labels={"size": "s"},
        origins={
            "path..": "drives",
            "path.data": "drives",
            "settings.cpu": "size",
            "labels.size": "size",
            "env.A": "env",
        },
    )


def contribute(origin: str, kind: str, value: str) -> Contribution:
    """Return a contribution of one thing, A, of one kind."""
    given: dict[str, Any] = {kind: {"A": value}}
    return Contribution(origin, **given)


@pytest.mark.parametrize("kind", ["settings", "env", "labels"])
def test_two_values_for_one_thing_are_refused_by_name(kind: str) -> None:
    one = contribute("environment ‘python’", kind, "1")
    other = contribute("env", kind, "2")
    with pytest.raises(PlanConflict) as conflict:
        combine([one, other])
    assert str(conflict.value) == (
        f"{kind}.A is set by both environment ‘python’ and env; choose one."
    )
    assert (conflict.value.first, conflict.value.second) == ("environment ‘python’", "env")


def test_the_same_value_twice_is_no_conflict_and_keeps_its_first_origin() -> None:
    plan = combine([Contribution("a", env={"A": "1"}), Contribution("b", env={"A": "1"})])
    assert (plan.env, plan.origins) == ({"A": "1"}, {"env.A": "a"})


def test_the_same_name_in_different_kinds_is_no_conflict() -> None:
    plan = combine([Contribution("a", env={"x": "1"}, settings={"x": 2}, labels={"x": "3"})])
    assert set(plan.origins) == {"env.x", "settings.x", "labels.x"}


def test_two_mounts_at_one_path_are_refused_even_of_the_same_drive() -> None:
    with pytest.raises(PlanConflict, match=r"path.data is set by both a and b"):
        combine([Contribution("a", mounts=(Mount("d", "data"),)),
                 Contribution("b", mounts=(Mount("d", "data"),))])  # fmt: skip


def test_a_folder_called_home_is_not_the_home_folder() -> None:
    mounts = (Mount("d1"), Mount("d2", "home"))
    assert combine([Contribution("drives", mounts=mounts)]).mounts == mounts


KEYS = st.sampled_from("abc")
CONTRIBUTION = st.builds(
    Contribution,
    origin=st.sampled_from(["one", "two", "three"]),
    settings=st.dictionaries(KEYS, st.integers(0, 1), max_size=2),
    env=st.dictionaries(KEYS, st.sampled_from("01"), max_size=2),
    labels=st.dictionaries(KEYS, st.sampled_from("01"), max_size=2),
)


@given(st.lists(CONTRIBUTION, max_size=5))
def test_nothing_is_lost_and_nothing_is_overwritten(parts: list[Contribution]) -> None:
    wanted: dict[str, set[object]] = {}
    for part in parts:
        for kind in ("settings", "env", "labels"):
            for key, value in getattr(part, kind).items():
                wanted.setdefault(f"{kind}.{key}", set()).add(value)
    differs = any(len(values) > 1 for values in wanted.values())
    if differs:
        with pytest.raises(PlanConflict) as refused:
            combine(parts)
        assert len(wanted[refused.value.what]) > 1
        return
    plan = combine(parts)
    assert set(plan.origins) == set(wanted)
    for what, (value,) in wanted.items():
        kind, _, key = what.partition(".")
        assert getattr(plan, kind)[key] == value


# The pipeline


def make(request: Mapping[str, object], environment: Environment | None = None) -> Plan:
    """Return the plan of a request with these fields."""
    parsed = parse_request({"environment": "python", **request})
    facts = PlanFacts(
        session_id="sabcdefghijk",
        name="calm-heron-42",
        layers=layers_of(parsed, environment or Environment("python", "Python")),
        drive_ids={"default": "dhome", "data": "ddata"},
        activity_url="http://127.0.0.1:1/services/sessions/api/v1/sessions/sabcdefghijk/activity",
    )
    return make_plan(parsed, facts)


def test_a_session_is_told_who_it_is_and_where_it_reports() -> None:
    plan = make({})
    assert plan.env == {
        "SESSIONS_ID": "sabcdefghijk",
        "SESSIONS_NAME": "calm-heron-42",
        "SESSIONS_ACTIVITY_URL": (
            "http://127.0.0.1:1/services/sessions/api/v1/sessions/sabcdefghijk/activity"
        ),
    }
    assert plan.mounts == (Mount("dhome"),)
    assert plan.labels == {"session": "sabcdefghijk", "environment": "python"}
    assert plan.settings == {}


def test_the_home_drive_comes_first_and_others_by_their_paths() -> None:
    extra = [
        {"drive": "default", "path": "home"},
        {"drive": "data", "path": "in", "read_only": True},
    ]
    assert make({"drive": "data", "extra_drives": extra}).mounts == (
        Mount("ddata"),
        Mount("dhome", "home"),
        Mount("ddata", "in", read_only=True),
    )


def test_a_size_that_was_asked_for_goes_before_the_environments() -> None:
    override = {"cpu_limit": 1, "mem_limit": "1G"}
    environment = Environment("python", "Python", override=override)
    plan = make({}, environment)
    # What the spawner itself is set to stays with it; the size goes over it.
    assert plan.settings == {"cpu": "1", "memory": "1Gi", "traits": override}
    assert plan.origins["settings.memory"] == "environment ‘python’"
    asked = make({"resources": {"memory": "2Gi"}}, environment)
    assert asked.settings == {"cpu": "1", "memory": "2Gi", "traits": override}
    assert asked.origins["settings.memory"] == "resources"


def test_an_environment_brings_its_program_and_variables() -> None:
    override = {
        "executable": ["/opt/r/bin/jupyterhub-singleuser"],
        "environment": {"R_LIBS": "/opt/r", "N": 1},
        "mem_limit": "1G",
    }
    plan = make({"env": {"MINE": "x"}}, Environment("python", "Python", override=override))
    assert plan.settings == {
        "executable": ["/opt/r/bin/jupyterhub-singleuser"],
        "memory": "1Gi",
        "traits": {"mem_limit": "1G", "environment": {"R_LIBS": "/opt/r", "N": "1"}},
    }
    assert plan.env["R_LIBS"] == "/opt/r"
    assert plan.env["N"] == "1"
    assert plan.origins["env.R_LIBS"] == "environment ‘python’"
    assert plan.origins["env.MINE"] == "env"


@pytest.mark.parametrize("given_env", [None, {}])
def test_an_environment_without_variables_brings_none(given_env: object) -> None:
    override = {"environment": given_env}
    assert len(make({}, Environment("python", "Python", override=override)).env) == 3


def test_a_variable_of_the_environment_is_not_overridden_silently() -> None:
    override = {"environment": {"MODE": "safe"}}
    environment = Environment("python", "Python", override=override)
    with pytest.raises(PlanConflict, match=r"env\.MODE is set by both environment ‘python’"):
        make({"env": {"MODE": "fast"}}, environment)


def test_a_plan_follows_from_its_request_alone() -> None:
    request = {"env": {"A": "1"}, "resources": {"cpu": "1"}}
    assert make(request) == make(request)

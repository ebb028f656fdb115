"""Secrets, sidecars and ports are combined like the rest: once each, with their origins."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_spawner.plan import (
    Contribution,
    Mount,
    OpenPort,
    PlanConflict,
    SecretFolder,
    SecretKey,
    Sidecar,
    combine,
)

KEY = SecretKey("s3", "key")


def test_a_plan_holds_what_is_attached_and_who_brought_it() -> None:
    folder = SecretFolder("keys", "ssh", ("id",), 0o400)
    sidecar = Sidecar("proxy", "quay.io/x:1", secret_folders=(SecretFolder("/c", "k"),))
    port = OpenPort(8080, "web")
    plan = combine(
        [
            Contribution("a", secret_env={"A": KEY}, secret_folders=(folder,)),
            Contribution("b", sidecars=(sidecar,), inner_ports=(5432,)),
            Contribution("c", ports=(port,), annotations={"x/y": "1"}),
        ]
    )
    assert (plan.secret_env, plan.secret_folders) == ({"A": KEY}, (folder,))
    assert (plan.sidecars, plan.ports) == ((sidecar,), (port,))
    assert plan.annotations == {"x/y": "1"}
    assert plan.origins == {
        "env.A": "a",
        "path.keys": "a",
        "sidecar.proxy": "b",
        "port.5432": "b",
        "port.8080": "c",
        "port_name.web": "c",
        "annotations.x/y": "c",
    }


CONFLICTS: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"env": {"A": "1"}}, {"secret_env": {"A": KEY}}, "env.A"),
    ({"secret_env": {"A": KEY}}, {"env": {"A": "1"}}, "env.A"),
    ({"secret_env": {"A": KEY}}, {"secret_env": {"A": SecretKey("s3", "b")}}, "env.A"),
    ({"annotations": {"A": "1"}}, {"annotations": {"A": "2"}}, "annotations.A"),
    (
        {"mounts": (Mount("d", "x"),)},
        {"secret_folders": (SecretFolder("x", "s"),)},
        "path.x",
    ),
    (
        {"secret_folders": (SecretFolder("x", "s"),)},
        {"secret_folders": (SecretFolder("x", "s"),)},
        "path.x",
    ),
    (
        {"secret_folders": (SecretFolder("x", "s"),)},
        {"mounts": (Mount("d", "x/y"),)},
        "path.x",
    ),
    (
        {"secret_folders": (SecretFolder("x", "s"),)},
        {"secret_folders": (SecretFolder("x/y/z", "t"),)},
        "path.x",
    ),
    (
        {"mounts": (Mount("d", "x", read_only=True),)},
        {"secret_folders": (SecretFolder("x/y", "s"),)},
        "path.x",
    ),
    ({"sidecars": (Sidecar("p", "i"),)}, {"sidecars": (Sidecar("p", "i"),)}, "sidecar.p"),
    ({"ports": (OpenPort(2000, "a"),)}, {"ports": (OpenPort(2000, "b"),)}, "port.2000"),
    ({"ports": (OpenPort(2000, "a"),)}, {"ports": (OpenPort(2001, "a"),)}, "port_name.a"),
    ({"inner_ports": (2000,)}, {"ports": (OpenPort(2000, "a"),)}, "port.2000"),
    ({"inner_ports": (2000,)}, {"inner_ports": (2000,)}, "port.2000"),
]


@pytest.mark.parametrize(("one", "other", "what"), CONFLICTS)
def test_what_two_want_is_refused_by_name_and_field(
    one: dict[str, Any], other: dict[str, Any], what: str
) -> None:
    parts = [Contribution("first", **one), Contribution("second", **other, chosen_by="ports")]
    with pytest.raises(PlanConflict) as conflict:
        combine(parts)
    assert str(conflict.value) == f"{what} is set by both first and second; choose one."
    assert conflict.value.field == "ports"


def test_a_secret_lies_in_a_drive_that_can_be_written() -> None:
    parts = [
        Contribution("drives", mounts=(Mount("home"), Mount("d", "x"))),
        Contribution("secrets", secret_folders=(SecretFolder("x/y", "s"), SecretFolder("k", "t"))),
    ]
    assert len(combine(parts).secret_folders) == 2


def test_a_drive_in_a_drive_that_is_read_only_is_as_before() -> None:
    mounts = (Mount("home"), Mount("d", "x", read_only=True), Mount("e", "x/y"))
    assert combine([Contribution("drives", mounts=mounts)]).mounts == mounts


def test_the_same_key_of_a_secret_twice_is_no_conflict() -> None:
    parts = [Contribution("a", secret_env={"A": KEY}), Contribution("b", secret_env={"A": KEY})]
    assert combine(parts).origins == {"env.A": "a"}


NAMES = st.sampled_from("ABC")
PARTS = st.builds(
    Contribution,
    origin=st.sampled_from(["one", "two"]),
    env=st.dictionaries(NAMES, st.sampled_from("01"), max_size=2),
    secret_env=st.dictionaries(NAMES, st.builds(SecretKey, NAMES, NAMES), max_size=2),
    inner_ports=st.lists(st.integers(1, 4), max_size=2).map(tuple),
    ports=st.lists(
        st.builds(OpenPort, st.integers(1, 4), st.sampled_from(["a", "b"])), max_size=2
    ).map(tuple),
)


@given(st.lists(PARTS, max_size=4))
def test_no_plan_has_a_variable_or_a_port_twice(parts: list[Contribution]) -> None:
    try:
        plan = combine(parts)
    except PlanConflict as conflict:
        kind, _, _ = conflict.what.partition(".")
        found = kind
    else:
        found = ""
        assert not set(plan.env) & set(plan.secret_env)
        numbers = [n for part in parts for n in part.inner_ports]
        numbers += [port.number for part in parts for port in part.ports]
        assert len(set(numbers)) == len(numbers)
        names = [port.name for port in plan.ports]
        assert len(set(names)) == len(names)
    assert found in ("", "env", "port", "port_name")

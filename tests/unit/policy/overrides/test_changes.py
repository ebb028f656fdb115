"""Nothing that differs between two pods goes unseen, and nothing that is the same is reported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_spawner.policy.field_path import format_path
from sessions_spawner.policy.overrides.changes import Change, changes_between, place_in
from sessions_spawner.policy.overrides.merge import merge_pod, without_nulls

RECORDED = json.loads(Path(__file__).with_name("merged_by_kubernetes.json").read_text())


def spec_changes(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return the changes between two specs: path and new value, "gone" for what is removed."""
    found = changes_between({"spec": before}, {"spec": after})
    return [
        (format_path(one.path).removeprefix("spec."), "gone" if one.is_removed else one.value)
        for one in found
    ]


def one_container(**fields: Any) -> dict[str, Any]:
    return {"containers": [{"name": "a", **fields}]}


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ({}, {}, []),
        ({"hostname": "x"}, {"hostname": "x", "hostPID": None}, []),
        ({"hostname": "x"}, {"hostname": "y"}, [("hostname", "y")]),
        ({"hostPID": True}, {"hostPID": 1}, [("hostPID", 1)]),
        ({}, {"affinity": {"podAffinity": {}}}, [("affinity.podAffinity", {})]),
        ({}, {"volumes": [{"name": "v", "emptyDir": {}}]},
         [("volumes[0].name", "v"), ("volumes[0].emptyDir", {})]),
        ({}, {"nodeSelector": {}, "tolerations": [], "containers": []}, []),
        ({"topologySpreadConstraints": [{"topologyKey": "z"}]},
         {"topologySpreadConstraints": [
             {"topologyKey": "z", "labelSelector": {"matchLabels": {}}}]},
         [("topologySpreadConstraints[0].labelSelector", {"matchLabels": {}})]),
        ({"nodeSelector": {"a": "x"}}, {"nodeSelector": {"b": "y"}},
         [("nodeSelector.a", "gone"), ("nodeSelector.b", "y")]),
        ({"dnsConfig": {"searches": ["a"]}}, {},
         [("dnsConfig", "gone"), ("dnsConfig.searches", "gone"),
          ("dnsConfig.searches[0]", "gone")]),
        (one_container(), {"containers": [{"name": "b", "tty": True}, {"name": "a"}]},
         [("containers[0].name", "b"), ("containers[0].tty", True)]),
        (one_container(tty=True), {"containers": []},
         [("containers[0]", "gone"), ("containers[0].name", "gone"),
          ("containers[0].tty", "gone")]),
        (one_container(args=["a", "b"]), one_container(args=["a", "c"]),
         [("containers[0].args", ["a", "c"]), ("containers[0].args[1]", "c"),
          ("containers[0].args[1]", "gone")]),
        (one_container(args=["a", "b"]), one_container(args=["b", "a"]),
         [("containers[0].args", ["b", "a"])]),
        ({"containers": [{"name": "a"}, {"name": "b"}]},
         {"containers": [{"name": "b"}, {"name": "a"}]},
         [("containers", [{"name": "b"}, {"name": "a"}])]),
        ({"unknown": {"a": 1}}, {"unknown": {"a": 2}}, [("unknown.a", 2)]),
        ({"unknown": [1]}, {"unknown": [1, {"b": 2}]},
         [("unknown", [1, {"b": 2}]), ("unknown[1].b", 2)]),
    ],
)  # fmt: skip
def test_each_change_is_reported_with_what_it_touches(
    before: dict[str, Any], after: dict[str, Any], changes: list[tuple[str, Any]]
) -> None:
    assert spec_changes(before, after) == changes


def test_entries_with_one_key_still_have_it() -> None:
    """So a rule about a key is not passed by writing the key twice."""
    twice = [{"name": "LD_PRELOAD", "value": "x"}, {"name": "LD_PRELOAD", "value": "y"}]
    found = changes_between({}, {"spec": one_container(env=twice)})
    keys = {step.key for one in found for step in one.steps[3:] if not isinstance(step, str)}
    assert keys >= {"LD_PRELOAD"}


@pytest.mark.parametrize("case", RECORDED["cases"])
def test_every_change_of_a_merge_is_placed_in_the_patch(case: str) -> None:
    pod, patch = RECORDED["pod"], RECORDED["cases"][case]["patch"]
    for change in changes_between(pod, merge_pod(pod, patch)):
        place = place_in(patch, change.steps)
        assert place
        assert written_at(patch, place) is not ...


def written_at(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def test_what_a_patch_does_not_write_has_no_place_in_it() -> None:
    (change,) = changes_between({}, {"spec": {"hostPID": True}})
    assert place_in({"metadata": {}}, change.steps) is None
    assert place_in([], change.steps) is None


NAMES = st.sampled_from(["a", "b", "c"])
CONTAINERS = st.lists(
    st.fixed_dictionaries(
        {"name": NAMES},
        optional={
            "image": NAMES,
            "tty": st.none() | st.booleans(),
            "args": st.lists(NAMES, max_size=3),
            "env": st.lists(st.fixed_dictionaries({"name": NAMES}, optional={"value": NAMES})),
            "securityContext": st.dictionaries(
                st.sampled_from(["privileged", "runAsNonRoot"]), st.booleans()
            ),
        },
    ),
    max_size=3,
)
PODS = st.fixed_dictionaries(
    {
        "metadata": st.fixed_dictionaries({"labels": st.dictionaries(NAMES, NAMES)}),
        "spec": st.fixed_dictionaries(
            {"containers": CONTAINERS},
            optional={"tolerations": st.lists(st.dictionaries(st.just("key"), NAMES), max_size=2)},
        ),
    },
)


def settled(value: Any) -> Any:
    """Return a value without what means nothing: nulls, and empty lists and maps of keys."""
    if isinstance(value, dict):
        inner = {key: settled(one) for key, one in value.items()}
        lists = ("containers", "env", "args", "tolerations")
        nothing: dict[str, Any] = {"labels": {}}
        nothing |= {key: [] for key in lists}
        return {key: one for key, one in inner.items() if one != nothing.get(key, ...)}
    return [settled(one) for one in value] if isinstance(value, list) else value


@given(PODS, PODS)
def test_pods_without_changes_are_the_same(before: dict[str, Any], after: dict[str, Any]) -> None:
    is_same = settled(without_nulls(before)) == settled(without_nulls(after))
    assert is_same is not bool(changes_between(before, after))


@given(PODS)
def test_a_pod_does_not_differ_from_itself(pod: dict[str, Any]) -> None:
    assert changes_between(pod, pod) == ()


def test_a_change_knows_its_path() -> None:
    (change,) = changes_between({"spec": one_container()}, {"spec": one_container(tty=True)})
    assert isinstance(change, Change)
    assert change.path == ("spec", "containers", 0, "tty")

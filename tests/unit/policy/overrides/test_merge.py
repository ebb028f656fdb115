"""A patch changes a pod as Kubernetes' own code does, and nothing that it does not name."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_spawner.policy.overrides.merge import OverridesRefused, merge_pod, without_nulls

# What StrategicMergePatch of k8s.io/apimachinery 0.34.4 made of the pod and each patch.
RECORDED = json.loads(Path(__file__).with_name("merged_by_kubernetes.json").read_text())


@pytest.mark.parametrize("case", RECORDED["cases"])
def test_the_merge_is_that_of_kubernetes(case: str) -> None:
    patch, merged = (RECORDED["cases"][case][name] for name in ("patch", "merged"))
    assert merge_pod(RECORDED["pod"], patch) == without_nulls(merged)


@pytest.mark.parametrize("case", RECORDED["cases"])
def test_neither_pod_nor_patch_is_changed_by_a_merge(case: str) -> None:
    pod, patch = deepcopy(RECORDED["pod"]), deepcopy(RECORDED["cases"][case]["patch"])
    merged = merge_pod(pod, patch)
    scribble(merged)
    assert pod == RECORDED["pod"]
    assert patch == RECORDED["cases"][case]["patch"]


def scribble(value: Any) -> None:
    """Change everything in a value."""
    for one in value.values() if isinstance(value, dict) else value:
        if isinstance(one, (dict, list)):
            scribble(one)
    value.clear()


def test_directives_in_a_new_list_are_gone_where_kubernetes_would_keep_them() -> None:
    patch = {"spec": {"initContainers": [{"name": "a", "$patch": "delete"}, {"name": "b"}]}}
    assert merge_pod({}, patch) == {"spec": {"initContainers": [{"name": "b"}]}}


def test_one_number_for_tcp_and_udp_cannot_be_patched() -> None:
    ports = [{"containerPort": 53, "protocol": name} for name in ("TCP", "UDP")]
    pod = {"spec": {"containers": [{"name": "dns", "ports": ports}]}}
    mine = {"name": "dns", "ports": [{"containerPort": 53, "name": "x"}]}
    with pytest.raises(OverridesRefused) as caught:
        merge_pod(pod, {"spec": {"containers": [mine]}})
    assert str(caught.value) == (
        "spec.containers[0].ports[0]: Two entries have this `containerPort`; "
        "replace the whole list with `$patch: replace`."
    )
    other = {"name": "dns", "ports": [{"$patch": "replace"}, {"containerPort": 54}]}
    merged = merge_pod(pod, {"spec": {"containers": [other]}})
    assert merged["spec"]["containers"][0]["ports"] == [{"containerPort": 54}]


def test_a_patch_without_the_shape_of_one_is_refused_before_anything_is_merged() -> None:
    with pytest.raises(OverridesRefused, match=r"^spec\.volume: Write ‘volumes’"):
        merge_pod({}, {"spec": {"volume": []}})


NAMES = st.sampled_from(["a", "b", "c", "d", "e"])
VARIABLES = st.lists(
    st.fixed_dictionaries({"name": NAMES}, optional={"value": NAMES}),
    unique_by=lambda one: one["name"],
)


@given(VARIABLES, VARIABLES)
def test_a_merged_list_has_every_entry_once_and_keeps_the_order_of_both(
    old: list[dict[str, str]], new: list[dict[str, str]]
) -> None:
    pod, patch = ({"spec": {"containers": [{"name": "n", "env": env}]}} for env in (old, new))
    merged = [one["name"] for one in merge_pod(pod, patch)["spec"]["containers"][0]["env"]]
    names = [one["name"] for one in new]
    assert sorted(merged) == sorted({*names, *(one["name"] for one in old)})
    assert [name for name in merged if name in names] == names
    others = [one["name"] for one in old if one["name"] not in names]
    assert [name for name in merged if name not in names] == others


@given(VARIABLES, VARIABLES)
def test_merging_twice_is_merging_once(
    old: list[dict[str, str]], new: list[dict[str, str]]
) -> None:
    pod, patch = ({"spec": {"containers": [{"name": "n", "env": env}]}} for env in (old, new))
    once = merge_pod(pod, patch)
    assert merge_pod(once, patch) == once

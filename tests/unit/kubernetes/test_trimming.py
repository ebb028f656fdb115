"""What is kept of a watched pod: all that the diagnosis reads, and little else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions_spawner.kubernetes.diagnosis import look
from sessions_spawner.kubernetes.trimming import PackedPods, trim
from tests.support.pod_states import (
    condition,
    make_claim,
    make_container,
    make_event,
    make_pod,
    mounts_claim,
    terminated,
    unscheduled,
    well,
)
from tests.unit.kubernetes.diagnosis import (
    test_any_answer,
    test_ends,
    test_failures_at_the_start,
    test_order,
    test_starts_that_ended,
)


def judged() -> Iterator[tuple[str, Any]]:
    """Yield the pods of the diagnosis's own tests, by the tests' names."""
    tables: tuple[dict[str, Any], ...] = (
        test_ends.ROWS,
        test_failures_at_the_start.ROWS,
        test_order.ENDS,
        test_starts_that_ended.ENDED,
    )
    for table in tables:
        yield from ((row, table[row][0]) for row in table)
    yield from ((f"pod {number}", pod) for number, pod in enumerate(test_any_answer.PODS))
    late = make_pod(phase="Failed", reason="DeadlineExceeded", spec={"activeDeadlineSeconds": 60})
    yield "the administrator's deadline", late
    asked = {"cpu": "9"}
    yield "no room", unscheduled("0/1 nodes: 1 Insufficient cpu", requests=asked)


@pytest.mark.parametrize(("pod"), [pod for _, pod in judged()], ids=[name for name, _ in judged()])
def test_a_trimmed_pod_is_judged_as_the_whole_one(pod: Any) -> None:
    packed = PackedPods()
    packed.put("s1", trim(pod))
    drives = {"claim-data": "data"}
    assert look(packed["s1"], drives=drives) == look(pod, drives=drives)


def test_what_is_older_than_a_trimmed_pod_is_told_from_what_is_not() -> None:
    pod, claim = make_pod(well(), phase="Running"), make_claim(phase="Bound")
    told = [make_event(name, "x", at=at, about=claim) for name, at in (("Old", -600), ("New", 1))]
    shown = [look(one, claims=[claim], claim_events=told).evidence for one in (trim(pod), pod)]
    assert shown == [("2026-11-21 14:20:01 UTC New: x",)] * 2


def grown(pod: Any) -> Any:
    """Return a pod with what a real one has besides: most of it."""
    variables = [{"name": f"NAME_{number}", "value": "x" * 60} for number in range(25)]
    for container in pod["spec"]["containers"]:
        container |= {"env": variables, "volumeMounts": [{"name": "drive", "mountPath": "/home"}]}
        container["securityContext"] = {"capabilities": {"drop": ["ALL"]}}
    pod["spec"] |= {"tolerations": [{"key": "x"}], "schedulerName": "default-scheduler"}
    pod["metadata"] |= {
        "annotations": {"hub.jupyter.org/username": "anna"},
        "managedFields": [{"manager": "kubelet", "fieldsV1": {"f:status": {}}}],
        "resourceVersion": "812",
    }
    for status in pod["status"]["containerStatuses"]:
        status |= {"containerID": "containerd://" + "5" * 64, "imageID": "sha256:" + "6" * 64}
    pod["status"] |= {"podIP": "10.1.0.9", "hostIP": "10.1.2.2", "qosClass": "Burstable"}
    return pod


def test_a_trimmed_pod_holds_what_is_looked_at_alone() -> None:
    pod = grown(make_pod(well(), phase="Running", volumes=[mounts_claim(), {"name": "t"}]))
    trimmed: Any = trim(pod)
    assert set(trimmed) == {"metadata", "spec", "status"}
    assert set(trimmed["metadata"]) == {"name", "namespace", "uid", "creationTimestamp"}
    assert trimmed["spec"] == {
        "nodeName": "node1",
        "restartPolicy": "Never",
        "containers": [{"name": "notebook", "image": "localhost/lab:1", "resources": {}}],
        "initContainers": [],
        "volumes": [mounts_claim()],
    }
    (status,) = trimmed["status"]["containerStatuses"]
    assert set(status) == {"name", "image", "state", "ready", "restartCount", "started"}
    assert trimmed["status"]["podIP"] == "10.1.0.9"


@pytest.mark.parametrize("first", ["Pending", "Running"])
def test_of_a_packed_pod_little_is_kept_and_it_comes_back_as_it_was(first: str) -> None:
    packed, pods = PackedPods(), {}
    for number in range(20):
        conditions = [condition("Ready", "True")] if number or first == "Running" else []
        phase = "Running" if number else first
        pod = grown(make_pod(well(), phase=phase, conditions=conditions))
        pod["metadata"]["name"] = f"s{number}"
        pods[f"s{number}"] = pod
        packed.put(f"s{number}", trim(pod))
    kept = sum(map(len, packed._packed.values()))
    assert kept * 20 < sum(len(json.dumps(pod)) for pod in pods.values())
    assert dict(packed) == {name: trim(pod) for name, pod in pods.items()}
    assert packed["s1"] is not packed["s1"]


@settings(deadline=None)
@given(st.text(max_size=20000), st.text())
def test_a_pod_of_any_length_comes_back(text: str, name: str) -> None:
    packed = PackedPods()
    for message in ("", f"{text}!"):
        pod = trim({"metadata": {"name": name}, "spec": {}, "status": {"message": message}})
        assert packed.put(name, pod)
        assert packed[name] == pod
        assert not packed.put(name, pod)


def test_only_what_is_new_of_a_pod_counts_as_a_change() -> None:
    packed = PackedPods()
    pod = grown(make_pod(well(), phase="Running"))
    assert packed.put("s1", trim(pod))
    pod["metadata"]["resourceVersion"] = "813"
    assert not packed.put("s1", trim(pod))
    over = make_pod(make_container(state=terminated("Error", 1)), phase="Failed")
    assert packed.put("s1", trim(over))
    assert list(packed) == ["s1"]
    assert packed.drop("s1")
    assert not packed.drop("s1")
    assert packed.get("s1") is None


def test_a_pod_without_a_status_is_kept() -> None:
    bare = {"metadata": {"name": "s1", "labels": None}, "spec": {"containers": None}}
    assert trim(bare)["metadata"] == {"name": "s1"}
    assert not look(trim(bare)).is_over

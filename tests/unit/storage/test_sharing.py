"""Who may have a drive beside whom, and where: told before a launch, by who holds it now."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_spawner.storage.sharing import (
    Attached,
    Conflict,
    Holder,
    Together,
    claims_of,
    find_misfit,
    find_together,
    pin,
)
from sessions_spawner.wire.messages import PlacedDrive

TRAIN = Holder("gpu-train", "node1")
HERE = Together("node1", "data", "gpu-train")


def attached(name: str, mode: str, *, read_only: bool = False) -> Attached:
    return Attached(name, PlacedDrive(place=f"claim-{name}", access_mode=mode), read_only)


def look(mode: str, *holders: Holder, read_only: bool = False) -> Any:
    return find_together([attached("data", mode, read_only=read_only)], {"claim-data": holders})


@pytest.mark.parametrize("mode", ["ReadWriteOnce", "ReadWriteMany", "ReadWriteOncePod"])
def test_a_drive_that_nobody_holds_is_free(mode: str) -> None:
    assert look(mode) is None


def test_a_drive_of_many_machines_is_held_by_any_number() -> None:
    assert look("ReadWriteMany", TRAIN, Holder("other", "node2")) is None


def test_a_drive_of_one_machine_is_shared_there() -> None:
    assert look("ReadWriteOnce", TRAIN) == HERE
    assert look("ReadWriteOnce", TRAIN, read_only=True) == HERE


def test_a_drive_of_one_machine_whose_holder_has_none_yet_is_left_to_the_scheduler() -> None:
    assert look("ReadWriteOnce", Holder("gpu-train")) is None


def test_a_drive_for_one_pod_is_held_once_whether_it_reads_or_writes() -> None:
    for read_only in (False, True):
        found = look("ReadWriteOncePod", TRAIN, read_only=read_only)
        assert found == Conflict(
            "data", "‘gpu-train’ uses it on the machine node1, and only one session may"
        )
    assert isinstance(look("ReadWriteOncePod", Holder("gpu-train")), Conflict)


@pytest.mark.parametrize("mode", ["ReadWriteOnce", "ReadWriteOncePod"])
def test_a_drive_is_not_given_away_while_a_silent_machine_may_write_to_it(mode: str) -> None:
    found = look(mode, Holder("gpu-train", "node1", is_silent=True))
    assert found == Conflict(
        "data", "the machine node1 is silent, and ‘gpu-train’ may still write to it there"
    )


def test_a_silent_machine_is_no_trouble_for_a_drive_of_many() -> None:
    assert look("ReadWriteMany", Holder("gpu-train", "node1", is_silent=True)) is None


def test_a_drive_that_can_only_be_read_is_attached_read_only() -> None:
    assert isinstance(look("ReadOnlyMany"), Conflict)
    assert look("ReadOnlyMany", TRAIN, read_only=True) is None


def test_two_drives_on_two_machines_are_not_had_together() -> None:
    both = [attached(name, "ReadWriteOnce") for name in ("data", "more")]
    holders = {"claim-data": [TRAIN], "claim-more": [Holder("notes", "node2")]}
    assert find_together(both, holders) == Conflict(
        "more",
        "‘notes’ uses it on the machine node2, and ‘gpu-train’ uses ‘data’ on node1",
    )
    assert find_together(both, {**holders, "claim-more": [Holder("notes", "node1")]}) == HERE


# Where a pod can run


def node(*taints: dict[str, str], **labels: str) -> dict[str, Any]:
    return {"metadata": {"name": "node1", "labels": labels}, "spec": {"taints": list(taints)}}


def pod(selector: dict[str, str] | None = None, *tolerations: dict[str, str]) -> dict[str, Any]:
    return {"spec": {"nodeSelector": selector or {}, "tolerations": list(tolerations)}}


GPU = {"key": "gpu", "value": "yes", "effect": "NoSchedule"}


@pytest.mark.parametrize(
    ("machine", "asking"),
    [
        (node(), pod()),
        (node(pool="gpu"), pod({"pool": "gpu"})),
        (node(GPU), pod(None, {"key": "gpu", "operator": "Exists"})),
        (node(GPU), pod(None, {"key": "gpu", "value": "yes", "effect": "NoSchedule"})),
        (node(GPU), pod(None, {"operator": "Exists"})),
        (node({**GPU, "effect": "PreferNoSchedule"}), pod()),
    ],
)
def test_a_pod_that_can_run_beside_the_holder_does(
    machine: dict[str, Any], asking: dict[str, Any]
) -> None:
    assert find_misfit(machine, asking, HERE) is None


@pytest.mark.parametrize(
    ("machine", "asking"),
    [
        (node(), pod({"pool": "gpu"})),
        (node(pool="cpu"), pod({"pool": "gpu"})),
        (node(GPU), pod()),
        (node(GPU), pod(None, {"key": "gpu", "value": "no"})),
        (node(GPU), pod(None, {"key": "gpu", "operator": "Exists", "effect": "NoExecute"})),
        (node(GPU), pod(None, {"key": "other", "operator": "Exists"})),
    ],
)
def test_a_pod_that_cannot_run_beside_the_holder_is_refused_before_it_is_made(
    machine: dict[str, Any], asking: dict[str, Any]
) -> None:
    detail = "‘gpu-train’ uses it on the machine node1, where this session cannot run"
    assert find_misfit(machine, asking, HERE) == Conflict("data", detail)


def test_a_pinned_pod_keeps_what_else_it_wants_of_machines() -> None:
    term = {"matchExpressions": [{"key": "disk", "operator": "Exists"}]}
    required = "requiredDuringSchedulingIgnoredDuringExecution"
    given: dict[str, Any] = {
        "spec": {
            "affinity": {
                "nodeAffinity": {required: {"nodeSelectorTerms": [term, {}]}},
                "podAffinity": {"kept": True},
            }
        }
    }
    pin(given, "node1")
    here = {"key": "metadata.name", "operator": "In", "values": ["node1"]}
    affinity = given["spec"]["affinity"]
    assert affinity["podAffinity"] == {"kept": True}
    assert affinity["nodeAffinity"][required]["nodeSelectorTerms"] == [
        {**term, "matchFields": [here]},
        {"matchFields": [here]},
    ]
    plain: dict[str, Any] = {"spec": {}}
    pin(plain, "node1")
    terms = plain["spec"]["affinity"]["nodeAffinity"][required]["nodeSelectorTerms"]
    assert terms == [{"matchFields": [here]}]


def test_a_pods_claims_are_those_of_its_volumes() -> None:
    volumes = [
        {"name": "a", "persistentVolumeClaim": {"claimName": "one"}},
        {"name": "b", "emptyDir": {}},
    ]
    assert claims_of({"spec": {"volumes": volumes}}) == {"one"}
    assert claims_of({"spec": {}}) == set()

"""Drives as claims of a real cluster: the contract, growth, adoption, and what is never removed."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
from kubernetes_asyncio import config
from kubernetes_asyncio.client import ApiException, CoreV1Api

from sessions_spawner.kubernetes.examining import unknown_classes
from sessions_spawner.storage.claim_objects import ClaimTerms
from sessions_spawner.storage.claims import ClaimDrives
from sessions_spawner.storage.drives import DriveAway, DriveOwner, DriveRefused, IsDrive
from sessions_spawner.wire.messages import DriveRecord
from tests.support.drive_contract import ANNA, DrivesContract, new_record
from tests.support.kubectl import Kubectl
from tests.support.waiting import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

TERMS = ClaimTerms(size="1Gi", adoptable=("claim-*",))
LABEL = "jupyterhub-sessions/drive"


@pytest_asyncio.fixture
async def api(cluster: Kubectl) -> AsyncIterator[CoreV1Api]:
    """Give the administrator's client of the cluster."""
    async with await config.new_client_from_config(str(cluster.kubeconfig)) as client:
        yield CoreV1Api(client)


@pytest.fixture
def drives(api: CoreV1Api, namespace: Kubectl) -> ClaimDrives:
    """Give drives as claims of an empty namespace."""
    return ClaimDrives(api, namespace.namespace, TERMS)


@pytest.fixture
def fixed_class(cluster: Kubectl) -> Iterator[str]:
    """Give a storage class that cannot grow."""
    name = f"fixed-{secrets.token_hex(4)}"
    cluster.create(
        {
            "apiVersion": "storage.k8s.io/v1",
            "kind": "StorageClass",
            "metadata": {"name": name},
            "provisioner": "drives.sessions.test",
            "volumeBindingMode": "Immediate",
        }
    )
    yield name
    cluster("delete", "storageclass", name)


class TestClaims(DrivesContract):
    """Drives of a cluster keep the same contract as folders."""


Former = Callable[..., str]


@pytest.fixture
def former(namespace: Kubectl) -> Former:
    """Give what makes a claim as KubeSpawner made it for a user, before there were drives."""

    def make(user: str = "anna", name: str = "claim-anna", **labels: str) -> str:
        annotations = {"hub.jupyter.org/username": user} if user else {}
        spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "2Gi"}}}
        metadata = {"name": name, "annotations": annotations, "labels": labels}
        namespace.create(
            {
                "apiVersion": "v1",
                "kind": "PersistentVolumeClaim",
                "metadata": metadata,
                "spec": spec,
            }
        )
        return name

    return make


def bind(namespace: Kubectl, claim: str, image: str = "localhost/sessions/pause:1") -> None:
    """Have a pod use a claim once, so that it gets its volume."""
    volume = {"name": "drive", "persistentVolumeClaim": {"claimName": claim}}
    mount = {"name": "drive", "mountPath": "/drive"}
    container = {
        "name": "pause",
        "image": image,
        "imagePullPolicy": "Never",
        "volumeMounts": [mount],
    }
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": f"uses-{claim}"},
        "spec": {
            "containers": [container],
            "volumes": [volume],
            "terminationGracePeriodSeconds": 0,
        },
    }
    namespace.create(pod)
    namespace.wait(f"pvc/{claim}", "jsonpath={.status.phase}=Bound")
    namespace("delete", "pod", f"uses-{claim}")


def claim(namespace: Kubectl, name: str) -> Any:
    return namespace.get(f"pvc/{name}")


def default_record() -> DriveRecord:
    return new_record().model_copy(update={"is_default": True})


# Made


async def test_a_claim_is_made_as_the_drive_asks(
    drives: ClaimDrives, namespace: Kubectl, fixed_class: str
) -> None:
    record = new_record().model_copy(update={"size": "3Gi", "storage_class": fixed_class})
    placed = await drives.ensure(record, DriveOwner("Anna Ä", ANNA.created))
    assert (placed.size, placed.storage_class, placed.access_mode) == (
        "3Gi",
        fixed_class,
        "ReadWriteOnce",
    )
    made = claim(namespace, placed.place)
    assert made["metadata"]["labels"][LABEL] == record.id
    assert made["metadata"]["labels"]["jupyterhub-sessions/owner"].startswith("Anna")


async def test_a_claim_that_is_gone_is_made_again_under_its_stored_name(
    drives: ClaimDrives, namespace: Kubectl
) -> None:
    record = new_record()
    place = (await drives.ensure(record, ANNA)).place
    namespace("delete", "pvc", place)
    known = record.model_copy(update={"place": place})
    assert (await drives.ensure(known, ANNA)).place == place
    elsewhere = record.model_copy(update={"place": "claim-anna"})
    with pytest.raises(DriveRefused, match="gone"):
        await drives.ensure(elsewhere, ANNA)


async def test_a_drive_on_its_way_out_is_not_used(drives: ClaimDrives, namespace: Kubectl) -> None:
    record = new_record()
    place = (await drives.ensure(record, ANNA)).place
    namespace("patch", "pvc", place, "--patch", '{"metadata": {"finalizers": ["test.org/kept"]}}')
    namespace("delete", "pvc", place, "--wait=false")
    try:
        with pytest.raises(DriveRefused, match="being deleted"):
            await drives.ensure(record, ANNA)
    finally:
        namespace("patch", "pvc", place, "--patch", '{"metadata": {"finalizers": null}}')


async def test_with_a_full_quota_a_drive_that_is_there_is_still_found(
    drives: ClaimDrives, namespace: Kubectl
) -> None:
    record = new_record()
    place = (await drives.ensure(record, ANNA)).place
    namespace("create", "quota", "drives", "--hard=persistentvolumeclaims=1")
    wait_for(lambda: namespace.get("quota/drives").get("status", {}).get("used"), what="the quota")
    assert (await drives.ensure(record, ANNA)).place == place
    with pytest.raises(ApiException) as refused:
        await drives.ensure(new_record(), ANNA)
    assert refused.value.status == 403


# Growing


async def test_a_drive_grows_and_never_shrinks(drives: ClaimDrives, namespace: Kubectl) -> None:
    record = new_record()
    place = (await drives.ensure(record, ANNA)).place
    with pytest.raises(DriveRefused, match="once a session has used it"):
        await drives.grow(record.id, place, "2Gi")
    bind(namespace, place)
    await drives.grow(record.id, place, "2Gi")
    asked = claim(namespace, place)["spec"]["resources"]["requests"]["storage"]
    assert asked == "2Gi"
    with pytest.raises(DriveRefused, match="only grows: choose more than 2Gi"):
        await drives.grow(record.id, place, "1Gi")
    figures = (await drives.describe({record.id: place}))[record.id]
    assert (figures.size, figures.grows_to) in (("1Gi", "2Gi"), ("2Gi", None))
    assert figures.used is None


async def test_a_kind_of_storage_that_cannot_grow_is_named(
    drives: ClaimDrives, namespace: Kubectl, fixed_class: str
) -> None:
    record = new_record().model_copy(update={"storage_class": fixed_class})
    place = (await drives.ensure(record, ANNA)).place
    bind(namespace, place)
    with pytest.raises(DriveRefused, match=f"‘{fixed_class}’, cannot grow"):
        await drives.grow(record.id, place, "2Gi")


# What was there before


async def test_the_default_drive_takes_over_the_claim_of_the_same_persons_default_server(
    drives: ClaimDrives, namespace: Kubectl, former: Former
) -> None:
    name = former()
    record, owner = default_record(), replace(ANNA, former=("claim-none", name))
    placed = await drives.ensure(record, owner)
    assert (placed.place, placed.size) == (name, "2Gi")
    assert claim(namespace, name)["metadata"]["labels"][LABEL] == record.id
    assert (await drives.ensure(record, owner)).place == name
    assert (await drives.ensure(record.model_copy(update={"place": name}), owner)).place == name


@pytest.mark.parametrize(
    ("user", "created", "is_default", "labels"),
    [
        ("ben", ANNA.created, True, {}),
        ("", ANNA.created, True, {}),
        ("anna", "2999-01-01T00:00:00", True, {}),  # another anna, made after the claim
        ("anna", ANNA.created, False, {}),
        ("anna", ANNA.created, True, {LABEL: "daaaaaaaaaaa"}),
    ],
)
async def test_nobody_takes_over_what_is_not_surely_his(
    drives: ClaimDrives,
    namespace: Kubectl,
    former: Former,
    user: str,
    created: str,
    is_default: bool,
    labels: dict[str, str],
) -> None:
    name = former(user, **labels)
    record = new_record().model_copy(update={"is_default": is_default})
    placed = await drives.ensure(record, DriveOwner("anna", created, former=(name,)))
    assert placed.place == f"drive-{record.id}"
    assert claim(namespace, name)["metadata"].get("labels", {}).get(LABEL) == labels.get(LABEL)


async def test_an_administrator_adopts_by_rule_alone(drives: ClaimDrives, former: Former) -> None:
    drive = new_record().id
    former(user="", name="team-data")
    with pytest.raises(DriveRefused, match=r"c\.SessionDrives\.adoptable"):
        await drives.adopt(drive, "team-data", ANNA)
    former(user="ben", name="claim-ben")
    with pytest.raises(DriveRefused, match="belongs to the user ‘ben’"):
        await drives.adopt(drive, "claim-ben", ANNA)
    former(user="", name="claim-old")
    placed = await drives.adopt(drive, "claim-old", ANNA)
    assert placed == await drives.adopt(drive, "claim-old", ANNA)
    with pytest.raises(IsDrive) as refused:
        await drives.adopt(new_record().id, "claim-old", ANNA)
    assert str(refused.value) == drive
    known = DriveRecord(id=drive, place="claim-old")
    assert (await drives.ensure(known, ANNA)).place == "claim-old"


async def test_an_adopted_claim_stays_when_its_drive_is_removed_unless_that_is_set(
    drives: ClaimDrives, api: CoreV1Api, namespace: Kubectl, former: Former
) -> None:
    name, drive = former(), new_record().id
    await drives.adopt(drive, name, ANNA)
    await drives.remove(drive, name)
    left = claim(namespace, name)["metadata"]
    assert LABEL not in left.get("labels", {})
    assert "deletionTimestamp" not in left
    await drives.adopt(drive, name, ANNA)
    strict = ClaimDrives(api, namespace.namespace, replace(TERMS, removes_adopted=True))
    await strict.remove(drive, name)
    wait_for(lambda: not namespace.get("pvc")["items"], seconds=60, what="the claim to go")


async def test_a_storage_class_that_the_cluster_lacks_is_known(api: Any, cluster: Kubectl) -> None:
    there = cluster.get("storageclasses")["items"][0]["metadata"]["name"]
    assert await unknown_classes(api.api_client, [there, "nowhere"]) == ("nowhere",)


async def test_without_an_answer_nothing_is_taken_for_gone(cluster: Kubectl) -> None:
    async with await config.new_client_from_config(str(cluster.kubeconfig)) as client:
        client.configuration.host = "https://127.0.0.1:1"
        away = ClaimDrives(CoreV1Api(client), "default", TERMS)
        for work in (
            away.describe({"daaaaaaaaaaa": "drive-daaaaaaaaaaa"}),
            away.remove("daaaaaaaaaaa"),
            away.adopt("daaaaaaaaaaa", "claim-anna", ANNA),
        ):
            with pytest.raises(DriveAway, match="does not answer"):
                await work

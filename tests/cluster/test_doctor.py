"""The doctor on a cluster: what records and pods, drives and claims do not agree on is named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.cluster.sessions import pod_of, start, stop
from tests.support.kubectl import Kubectl
from tests.support.product import Product
from tests.support.waiting import wait_for

pytestmark = pytest.mark.timeout(300)

STRAY = "s1abcdefghij2"


@contextmanager
def having(pods: Kubectl, kind: str, thing: dict[str, Any]) -> Iterator[None]:
    """Have an object in the namespace for the time of a `with` block."""
    pods.create({"apiVersion": "v1", "kind": kind, **thing})
    try:
        yield
    finally:
        pods("delete", kind, thing["metadata"]["name"], "--grace-period=0", "--force")


def make_pod(labels: dict[str, str]) -> dict[str, Any]:
    """Return a pod that the namespace takes, and no node has room for."""
    container = {
        "name": "notebook",
        "image": "localhost/sessions/pause:1",
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
    }
    spec = {
        "nodeSelector": {"pool": "nowhere"},
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [container],
    }
    return {"metadata": {"name": "stray", "labels": labels}, "spec": spec}


def make_claim(drive: str, name: str) -> dict[str, Any]:
    """Return a claim that says that it is a drive."""
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    labels = {"jupyterhub-sessions/drive": drive}
    return {"metadata": {"name": name, "labels": labels}, "spec": spec}


def test_what_pods_claims_and_records_do_not_agree_on_is_named_and_nothing_else(
    product: Product, pods: Kubectl
) -> None:
    drive = product.api("POST", "drives", {"name": "lost"}, expect=201).json()
    session = start(product, drive="lost")
    wait_for(lambda: product.examine() == [], what="everything to agree")

    labels = pods.get(f"pod/{pod_of(pods, session)}")["metadata"]["labels"]
    pod = make_pod({**labels, "jupyterhub-sessions/session": STRAY})
    claim = make_claim("dgone", "left")
    with having(pods, "Pod", pod), having(pods, "PersistentVolumeClaim", claim):
        found = {(one.invariant, one.sentence) for one in product.examine()}
    place = f"in ‘{pods.namespace}’"
    assert found == {
        ("I1", f"The pod ‘stray’ {place} is of {STRAY}:1, which is no live session's run."),
        ("I13", f"The claim ‘left’ {place} is the drive dgone, of which there is no record."),
    }

    stop(product, session)
    name = f"drive-{drive['id']}"
    pods("delete", "persistentvolumeclaim", name)
    # The end of a session is known a moment before all of it is over.
    wait_for(lambda: len(product.examine()) == 1, what="nothing else to be found")
    (lost,) = product.examine()
    told = f"The drive ‘lost’ of anna ({drive['id']}) has lost its claim ‘{name}’ {place}."
    assert (lost.invariant, lost.sentence) == ("I13", told)
    claim = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", **make_claim(drive["id"], name)}
    pods.create(claim)  # as an administrator brings it back from a backup
    assert product.examine() == []

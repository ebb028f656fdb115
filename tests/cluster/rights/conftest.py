"""The product with the rights that `deploy/` gives to the hub, and what it asked for."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.bed import Bed
from tests.support.deployed import Names, apply, render, write_kubeconfig
from tests.support.kubectl import Kubectl
from tests.support.on_cluster import product_on
from tests.support.product import Product
from tools.cluster.place import find_place

SETTINGS = """
c.KubeSpawner.start_timeout = 60
c.KubeSpawner.delete_grace_period = 1
c.SessionLimits.requests_per_second = None
c.SessionsLink.reconcile_seconds = 5
c.SessionPolicy.drive_grace_seconds = 0
c.SessionDrives.size_max = "20Gi"
c.SessionOffers.labelled_accounts = True
c.JupyterHub.load_roles.append(
    {"name": "builders", "users": ["anna"], "scopes": ["custom:sessions:pod-spec"]})
c.KubeSpawner.profile_list = [
    {"display_name": "Python", "slug": "python", "default": True},
    {"display_name": "No such image", "slug": "missing",
      "kubespawner_override": {"image": "localhost/sessions/nowhere:1"}},
    {"display_name": "Forbidden", "slug": "forbidden",
      "kubespawner_override": {"privileged": True, "allow_privilege_escalation": None}},
    {"display_name": "No such account", "slug": "account",
      "kubespawner_override": {"service_account": "nobody-here"}},
    {"display_name": "Ends at once", "slug": "ends", "kubespawner_override": {
        "cmd": ["python3", "-c", "import sys; print('boom'); sys.exit(3)"],
        "extra_pod_config": {"restartPolicy": "Never"}}},
]
"""


@dataclass(frozen=True)
class Asked:
    """What an account asked the API server for, from its audit log."""

    log: Path
    user: str

    def requests(self) -> list[dict[str, Any]]:
        """Return every request that was answered, or whose answer goes on."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        told = [json.loads(line) for line in lines if line.endswith("}")]
        return [one for one in told if one["user"]["username"] == self.user]

    def used(self) -> set[tuple[str, str]]:
        """Return what was asked for and allowed: pairs of a resource and a verb."""
        rights = (_right(one) for one in self.requests() if not _is_refused(one))
        return {right for right in rights if right is not None}

    def refused(self) -> set[tuple[str, str] | None]:
        """Return what no role allowed."""
        return {_right(one) for one in self.requests() if _is_refused(one)}


def _right(request: dict[str, Any]) -> tuple[str, str] | None:
    thing = request.get("objectRef")
    if thing is None:
        return None
    sub = thing.get("subresource")
    return f"{thing['resource']}{f'/{sub}' if sub else ''}", request["verb"]


def _is_refused(request: dict[str, Any]) -> bool:
    decision: str = request.get("annotations", {}).get("authorization.k8s.io/decision", "")
    return decision == "forbid"


@pytest.fixture(scope="module")
def names(bed: Bed) -> Iterator[Names]:
    """Give two namespaces with what `deploy/` brings; the hub's account is in the first."""
    bed.own_folder()
    tail = secrets.token_hex(3)
    names = Names(f"hub-{tail}", f"sessions-{tail}")
    bed.kubectl("create", "namespace", names.hub)
    bed.kubectl.within(names.hub)("create", "serviceaccount", "hub")
    nodes = render(bed.kubectl, "nodes", names)
    apply(bed.kubectl, [*render(bed.kubectl, "base/sessions", names), *nodes])
    bed.kubectl.within(names.sessions).wait("serviceaccount/default", "create")
    yield names
    for one in nodes:
        bed.kubectl("delete", one["kind"], one["metadata"]["name"], "--ignore-not-found")
    bed.kubectl("delete", "namespace", names.hub, names.sessions, "--wait=false")


@pytest.fixture(scope="module")
def kubeconfig(bed: Bed, names: Names, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the kubeconfig of the hub's account."""
    path = tmp_path_factory.mktemp("account") / "kubeconfig"
    return write_kubeconfig(bed.kubectl.within(names.hub), path, "hub")


@pytest.fixture(scope="module")
def asked(bed: Bed, names: Names) -> Asked:
    """Give what the hub's account asked for."""
    place = find_place(bed.own_folder())
    assert place is not None
    return Asked(place.audit_log, f"system:serviceaccount:{names.hub}:hub")


@pytest.fixture(scope="module")
def sessions(cluster: Kubectl, names: Names) -> Kubectl:
    """Give the administrator's kubectl where the sessions are."""
    return cluster.within(names.sessions)


@pytest.fixture(scope="module")
def product(
    bed: Bed, names: Names, kubeconfig: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Product]:
    """Give a product whose hub acts as its account alone."""
    folder = tmp_path_factory.mktemp("product")
    with product_on(bed, names.sessions, folder, SETTINGS, kubeconfig=kubeconfig) as product:
        yield product

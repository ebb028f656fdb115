"""Namespaces to ask a real Pod Security admission in, and the connection to it."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.support.admission import ApiServer, open_api
from tests.support.kubectl import Kubectl

_NAMESPACES = 4


@pytest.fixture(scope="module")
def asked_namespaces(cluster: Kubectl) -> Iterator[tuple[str, ...]]:
    """Give a few namespaces that may be held to any policy."""
    names = tuple(f"asked-{secrets.token_hex(4)}" for _ in range(_NAMESPACES))
    cluster("create", "--filename=-", given="\n---\n".join(map(_namespace, names)))
    for name in names:
        cluster.within(name).wait("serviceaccount/default", "create")
    yield names
    cluster("delete", "namespace", *names, "--wait=false")


def _namespace(name: str) -> str:
    return f"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {name}\n"


@pytest.fixture
async def api(cluster: Kubectl) -> AsyncIterator[ApiServer]:
    """Give the API server of the running cluster."""
    async with open_api(cluster.kubeconfig) as api:
        yield api

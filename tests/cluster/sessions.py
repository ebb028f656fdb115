"""What tests of sessions in pods do again and again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.support.kubectl import Kubectl
from tests.support.product import Product


def start(product: Product, **fields: Any) -> dict[str, Any]:
    """Start a session and return it once it runs."""
    return product.wait_state(product.create(**fields)["id"], "running", seconds=90)


def start_all(product: Product, *each: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Start sessions at once, each from its fields, and return them once all of them run."""
    made = [product.create(**fields) for fields in each]
    return [product.wait_state(one["id"], "running", seconds=90) for one in made]


def stop(product: Product, session: dict[str, Any]) -> dict[str, Any]:
    product.api("POST", f"sessions/{session['id']}/stop", {}, expect=202)
    return product.wait_state(session["id"], "stopped", seconds=60)


def failed(product: Product, **fields: Any) -> dict[str, Any]:
    """Start a session that cannot run, and return it once it has failed."""
    (session,) = all_failed(product, fields)
    return session


def all_failed(product: Product, *each: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Start sessions at once that cannot run, and return them once all of them have failed."""
    made = [product.create(**fields) for fields in each]
    return [product.wait_state(one["id"], "failed", seconds=90) for one in made]


def pod_of(pods: Kubectl, session: dict[str, Any]) -> str:
    """Return the name of a session's pod."""
    (pod,) = pods.get(f"pods --selector=jupyterhub-sessions/session={session['id']}")["items"]
    name: str = pod["metadata"]["name"]
    return name


def contents(product: Product, session: dict[str, Any], path: str, body: Any = None) -> Any:
    """Read a file through the session's own server, or write it."""
    address = f"/user/anna/{session['server']}/api/contents/{path}"
    headers = {"Authorization": f"token {product.token('anna')}"}
    method = "GET" if body is None else "PUT"
    answer = product.client.request(method, address, json=body, headers=headers)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()

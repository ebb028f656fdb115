"""Every route when it succeeds: the answer is what the OpenAPI document says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import httpx
import jsonschema
import pytest

from tests.support.inside import env_of_kernel, put_activity
from tests.support.product import Product

from .cases import (
    ACTIVITY,
    ADOPT,
    CASES,
    OPERATIONS,
    Asked,
    Key,
    World,
    asker_of,
    label,
    make_asked,
)

STREAMS = "text/event-stream"


@pytest.fixture(scope="module")
def document(world: World) -> dict[str, Any]:
    """Give the OpenAPI document as the service sends it."""
    return world.call("GET", "openapi.json")


def described(document: dict[str, Any], key: Key) -> dict[str, Any]:
    method, template = key
    found: dict[str, Any] = document["paths"][f"/{template}"][method.lower()]
    return found


def validate(document: dict[str, Any], key: Key, answer: httpx.Response) -> None:
    """Fail unless status, content type and body are what the document says."""
    answers = described(document, key)["responses"]
    assert str(answer.status_code) in answers, answer.text
    content = answers[str(answer.status_code)]["content"]
    media_type = answer.headers["content-type"].partition(";")[0]
    assert media_type in content
    schema = content[media_type]["schema"]
    if media_type == "application/json":
        checker = jsonschema.Draft202012Validator(
            {**schema, "components": document["components"]},
            format_checker=jsonschema.FormatChecker(),
        )
        problems = [
            f"{error.json_path}: {error.message}" for error in checker.iter_errors(answer.json())
        ]
        assert problems == []
        assert undocumented(document, schema, answer.json()) == set()


def undocumented(document: Mapping[str, Any], schema: Mapping[str, Any], body: Any) -> set[str]:
    """Return the keys of an object that its schema does not have."""
    name = schema.get("$ref", "").rpartition("/")[2]
    named = document["components"]["schemas"][name] if name else schema
    properties = named.get("properties")
    return set(body) - set(properties) if properties else set()


@pytest.mark.parametrize("key", [key for key in CASES if key not in (ACTIVITY, ADOPT)], ids=label)
def test_a_success_is_what_the_document_says(
    product: Product, world: World, document: dict[str, Any], key: Key
) -> None:
    case = CASES[key]
    token = product.token(asker_of(world, key))
    reference = case.ready(world) if case.ready else None
    answer = make_asked(world, key, token, reference=reference).send(product)
    assert answer.status_code == OPERATIONS[key].status, answer.text
    if answer.headers["content-type"].startswith(STREAMS):
        assert STREAMS in described(document, key)["responses"]["200"]["content"]
    else:
        validate(document, key, answer)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_report_of_activity_is_answered_as_the_document_says(
    product: Product, world: World, document: dict[str, Any]
) -> None:
    session = product.running(user=world.owner)
    token = env_of_kernel(product, session)["JUPYTERHUB_API_TOKEN"]
    answer = put_activity(product, session["id"], token, {"kind": "lab"})
    validate(document, ACTIVITY, answer)
    assert answer.json()["idle"]["state"] == "counting"


def test_a_stop_of_what_has_ended_is_in_the_document_too(
    product: Product, world: World, document: dict[str, Any]
) -> None:
    key = ("POST", "api/v1/sessions/{id}/stop")
    answer = make_asked(world, key, product.token(world.owner)).send(product)
    assert answer.status_code == 200
    validate(document, key, answer)


def test_lists_with_everything_in_them_are_what_the_document_says(
    product: Product, world: World, document: dict[str, Any]
) -> None:
    product.create(user=world.owner, name="one", env={"A": "1"})
    product.create(user=world.owner, environment="ends")
    for query in ("", "?tab=history", "?owner=*&tab=history", "?limit=1", "?limit=0"):
        token = product.token("admin" if "owner" in query else world.owner)
        asked = make_asked(world, ("GET", "api/v1/sessions"), token)
        if query:
            asked = asked.asking(query.removeprefix("?"))
        validate(document, ("GET", "api/v1/sessions"), asked.send(product))


def test_what_has_not_changed_is_not_sent_again(product: Product, world: World) -> None:
    asked = make_asked(world, ("GET", "api/v1/sessions"), product.token(world.owner))
    first = asked.asking("tab=history").send(product)
    again = asked.asking("tab=history").having(If_None_Match=first.headers["etag"]).send(product)
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["cache-control"] == "private, no-cache"
    assert "etag" not in asked.asking("tab=nonsense").send(product).headers


@pytest.mark.parametrize("query", ["", "owner=*", "tab=history&q=a"])
def test_a_change_is_in_the_very_next_answer_and_nobody_has_anothers_tag(
    product: Product, world: World, query: str
) -> None:
    session = product.running(user=world.owner)

    def ask(visitor: str, tag: str = "") -> httpx.Response:
        asked = make_asked(world, ("GET", "api/v1/sessions"), product.token(visitor))
        return asked.asking(query).having(If_None_Match=tag).send(product)

    tag = ask(world.owner).headers["etag"]
    assert ask("admin", tag).status_code == 200
    for name in ("before", "after"):
        body = {"name": name, "version": product.get(session["id"], user=world.owner)["version"]}
        product.api("PATCH", f"sessions/{session['id']}", body, user=world.owner, expect=200)
        answer = ask(world.owner, tag)
        assert answer.status_code == 200
        tag = answer.headers["etag"]


def test_others_changes_leave_ones_own_list_as_it_was(product: Product, world: World) -> None:
    asked = make_asked(world, ("GET", "api/v1/sessions"), product.token("admin"))
    first = asked.send(product)
    product.create(user=world.owner)
    again = asked.having(If_None_Match=first.headers["etag"]).send(product)
    assert again.status_code == 304


def test_every_operation_says_what_its_body_is(document: dict[str, Any]) -> None:
    for key, case in CASES.items():
        body = described(document, key).get("requestBody")
        assert (body is not None) == (case.body is not None), label(key)
        if body is not None:
            assert "$ref" in body["content"]["application/json"]["schema"], label(key)


def test_the_document_has_no_address_that_the_service_does_not_have(
    document: dict[str, Any],
) -> None:
    listed = {
        (method.upper(), path.removeprefix("/"))
        for path, methods in document["paths"].items()
        for method in methods
    }
    assert listed == set(OPERATIONS)


def test_health_is_for_everybody_and_its_detail_for_administrators(
    product: Product, world: World
) -> None:
    for path in ("health", "health/ready"):
        answer = Asked("GET", f"/services/sessions/{path}", {}).send(product)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
        owners = Asked("GET", f"/services/sessions/{path}", {}).having(
            Authorization=f"token {product.token(world.owner)}"
        )
        assert owners.send(product).json() == {"status": "ok"}
    admins = Asked("GET", "/services/sessions/health/ready", {}).having(
        Authorization=f"token {product.token('admin')}"
    )
    assert admins.send(product).json() == {
        "status": "ok",
        "checks": {"database": True, "lease": True, "hub": True, "link": True},
    }


def test_what_the_service_itself_cannot_read_is_refused_without_harm(
    product: Product, world: World
) -> None:
    inner = product.inner_url()
    headers = {"Authorization": f"token {product.token(world.owner)}"}
    with httpx.Client(timeout=20) as client:
        path = client.get(f"{inner}api/v1/sessions/%ff", headers=headers)
        assert path.status_code == 400
        assert path.json()["error"]["message"]
        huge = replace(make_asked(world, ("POST", "api/v1/sessions"), None), content=b"x" * 10**7)
        answer = client.post(f"{inner}api/v1/sessions", content=huge.content, headers=headers)
        assert answer.status_code in (400, 413)
    assert world.call("GET", "me")["name"] == world.owner

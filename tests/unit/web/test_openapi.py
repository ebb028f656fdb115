"""The OpenAPI document is valid, whole, and says what the routes check."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import schemathesis

from sessions_service.identity.may import NEEDS, Action
from sessions_service.web.openapi import make_document
from sessions_service.web.tornado_app import ROUTES
from sessions_spawner.request import LaunchRequest

METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """Give the document of all routes, as it is sent."""
    documented = [route for route in ROUTES if route.operations()]
    made: dict[str, Any] = json.loads(
        json.dumps(make_document(documented, "/services/sessions/", "0.1"))
    )
    return made


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Return address, method and description of every operation."""
    return [
        (path, method, described)
        for path, methods in document["paths"].items()
        for method, described in methods.items()
    ]


def references(value: Any) -> set[str]:
    """Return every `$ref` below a value."""
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*(references(one) for one in value.values()))
    if isinstance(value, list):
        return set[str]().union(*(references(one) for one in value))
    return set()


def test_the_document_is_valid_openapi(document: dict[str, Any]) -> None:
    schemathesis.openapi.from_dict(document).validate()


def test_bounds_of_query_parameters_are_in_the_document(document: dict[str, Any]) -> None:
    described = document["paths"]["/api/v1/sessions"]["get"]["parameters"]
    schemas = {one["name"]: one["schema"] for one in described}
    assert (schemas["limit"]["minimum"], schemas["limit"]["maximum"]) == (0, 100)
    assert schemas["q"]["maxLength"] == 256


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert references(document) <= known
    assert references(document["paths"]) >= {
        "#/components/schemas/Error",
        "#/components/schemas/LaunchBody",
        "#/components/schemas/SessionOut",
    }


def test_every_operation_is_there_once_with_its_parameters(document: dict[str, Any]) -> None:
    listed = operations(document)
    ids = [described["operationId"] for _, _, described in listed]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z0-9_]+", one) for one in ids)
    for path, method, described in listed:
        assert method in METHODS
        assert described["summary"]
        named = {one["name"] for one in described["parameters"] if one["in"] == "path"}
        assert named == set(re.findall(r"\{(\w+)\}", path))
        names = [one["name"] for one in described["parameters"]]
        assert len(set(names)) == len(names)
        assert any(status.startswith("2") for status in described["responses"])
        assert "default" in described["responses"]


def test_what_reads_takes_no_body(document: dict[str, Any]) -> None:
    for _, method, described in operations(document):
        if method in ("get", "delete"):
            assert "requestBody" not in described


def test_bodies_refuse_unknown_keys_there_too(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for path, _, described in operations(document):
        if "requestBody" not in described or path.endswith("/activity"):
            continue
        reference = described["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        assert schemas[reference.rpartition("/")[2]]["additionalProperties"] is False


def test_a_launch_has_all_fields_and_says_which_are_required(document: dict[str, Any]) -> None:
    launch = document["components"]["schemas"]["LaunchBody"]
    assert set(launch["properties"]) == set(LaunchRequest.model_fields)
    assert set(launch["required"]) == {"environment", "idle_timeout", "drive"}


def test_routes_of_later_issues_are_not_in_the_document(document: dict[str, Any]) -> None:
    paths = set(document["paths"])
    assert {"/api/v1/sessions", "/api/v1/sessions/{id}", "/api/v1/drives", "/metrics"} <= paths
    later = ("ports", "devices", "templates", "graphql", "metrics", "reforge")
    assert not [path for path in paths if path.startswith("/api/") and path.endswith(later)]


def test_every_operation_asks_for_an_action_that_has_a_rule() -> None:
    for route in ROUTES:
        for described in route.operations().values():
            assert described.needs in NEEDS or described.needs is Action.REPORT_ACTIVITY


def test_an_address_matches_its_own_pattern_and_nothing_near_it() -> None:
    for route in ROUTES:
        pattern = re.compile(f"{route.pattern()}$")
        address = re.sub(r"\{\w+\}", "a-1", route.template)
        assert pattern.match(address)
        assert not pattern.match(f"{address}/more")
        assert "." not in address or not pattern.match(address.replace(".", "X"))
        assert not pattern.match(re.sub(r"\{\w+\}", "", route.template) + "/")

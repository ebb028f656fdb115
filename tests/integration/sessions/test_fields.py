"""What is told before, during and after a start, and at which field something is wrong."""

from __future__ import annotations

from typing import Any

from tests.support.product import Product
from tests.support.waiting import wait_for

SENTENCE = "You have no drive called ‘nobodys’. Make it first."


def test_how_long_starts_take_is_told_once_it_is_known(product: Product) -> None:
    product.running()
    listed = product.api("GET", "environments", expect=200).json()["items"]
    usual = next(one["ready_in_seconds"] for one in listed if one["name"] == "python")
    assert 1 <= usual <= 30
    body = {"environment": "python", "idle_timeout": 900, "drive": "default"}
    assert product.api("POST", "preview", body, expect=200).json()["ready_in_seconds"] >= 1
    assert product.create()["progress"]["usual_seconds"] >= 1
    assert next(one["ready_in_seconds"] for one in listed if one["name"] == "ends") is None


def test_a_sessions_size_is_what_it_got(product: Product) -> None:
    session = product.create(resources={"memory": "2Gi"})
    assert session["resources"] == {"cpu": None, "memory": "2Gi", "gpu": None}
    product.hub("POST", "users/anna/servers/mine", {}, token=product.token("anna"))

    def look() -> list[dict[str, Any]]:
        items = product.api("GET", "sessions", expect=200).json()["items"]
        return [one for one in items if one["server"] == "mine"]

    (other,) = wait_for(look, what="it to be listed")
    assert other["resources"] == {"cpu": None, "memory": None, "gpu": None}


def test_a_drive_that_is_not_there_is_named_at_its_field(product: Product) -> None:
    body = {"environment": "python", "idle_timeout": 900, "drive": "nobodys"}
    refused = product.api("POST", "sessions", body, expect=422).json()["error"]
    assert refused["fields"] == {"drive": SENTENCE}
    checks = product.api("POST", "preview", body, expect=200).json()["checks"]
    assert [(one["field"], one["message"]) for one in checks] == [("drive", SENTENCE)]

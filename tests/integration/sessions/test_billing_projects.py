"""Billing projects: offered to groups, refused to others with one sentence, at every door."""

from __future__ import annotations

from typing import Any

from tests.support.product import Product

BODY = {"environment": "python", "idle_timeout": 900, "drive": "default"}


def offered(product: Product, user: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = product.api(
        "GET", "billing-projects", user=user, expect=200
    ).json()["items"]
    return items


def test_a_person_is_told_of_his_billing_projects_without_figures_that_nobody_has(
    product: Product,
) -> None:
    (project,) = offered(product, "anna")
    figures = ("budget", "spent", "left", "period_ends", "state", "on_over")
    assert project == {
        "id": "physics",
        "name": "Physics, fourth quarter",
        "description": "Of the whole department",
        **dict.fromkeys(figures),
    }
    assert [one["id"] for one in offered(product, "keeper")] == ["physics", "keeping"]


def test_whoever_sees_everybodys_sessions_finds_everybodys_projects_to_filter_by(
    product: Product,
) -> None:
    def seen(user: str) -> list[str]:
        answer = product.api("GET", "billing-projects?owner=*", user=user, expect=200)
        return [one["id"] for one in answer.json()["items"]]

    assert [one["id"] for one in offered(product, "admin")] == ["physics"]
    assert seen("admin") == ["physics", "keeping"]
    assert seen("anna") == ["physics"]
    product.api("GET", "billing-projects?owner=keeper", expect=422)


def test_whoever_sees_some_peoples_sessions_finds_their_projects(product: Product) -> None:
    product.token("keeper")
    access = ("access:services!service=sessions", "read:users:name!user=admin")

    def seen(scope: str) -> list[str]:
        token = product.token("admin", *access, scope)
        answer = product.api("GET", "billing-projects?owner=*", token=token, expect=200)
        return [one["id"] for one in answer.json()["items"]]

    assert seen("read:servers!user=keeper") == ["physics", "keeping"]
    assert seen("read:servers!group=keepers") == ["physics", "keeping"]
    assert seen("read:servers!user=anna") == ["physics"]


def test_a_project_of_others_is_refused_like_one_that_is_not_there(product: Product) -> None:
    for name in ("keeping", "nothing"):
        sentence = (
            f"No billing project called ‘{name}’ is offered to you; choose one that is listed."
        )
        body = {**BODY, "billing_project": name}
        error = product.api("POST", "sessions", body, expect=422).json()["error"]
        assert error["fields"] == {"billing_project": sentence}
        checks = product.api("POST", "preview", body, expect=200).json()["checks"]
        assert [(one["field"], one["message"]) for one in checks] == [("billing_project", sentence)]

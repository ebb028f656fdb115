"""Renaming, another idle timeout, keeping a session running: with versions and bounds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.support.product import Product

DAY = 86_400


def patch(product: Product, session: dict[str, Any], **body: Any) -> httpx.Response:
    return product.api("PATCH", f"sessions/{session['id']}", body, user=session["owner"])


def extend(product: Product, session: dict[str, Any], **body: Any) -> httpx.Response:
    path = f"sessions/{session['id']}/extend"
    return product.api("POST", path, body, user=session["owner"])


def fields_of(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 422, answer.text
    fields: dict[str, str] = answer.json()["error"]["fields"]
    return fields


def seconds_until(moment: str) -> float:
    return (datetime.fromisoformat(moment) - datetime.now(UTC)).total_seconds()


@pytest.fixture(scope="module")
def once_ended(shared_product: Product) -> str:
    """Give the id of an ended session, for all tests of this module."""
    session = shared_product.create()
    shared_product.api("POST", f"sessions/{session['id']}/stop", expect=202)
    return str(shared_product.wait_state(session["id"], "stopped")["id"])


@pytest.fixture
def ended(product: Product, once_ended: str) -> dict[str, Any]:
    """Give the ended session as it is now."""
    return product.get(once_ended)


def test_a_change_of_the_version_that_was_seen_is_taken_and_counted(product: Product) -> None:
    session = product.running()
    changed = patch(product, session, version=session["version"], name="tuesday").json()
    assert changed["name"] == "tuesday"
    assert changed["version"] == session["version"] + 1
    assert changed["revision"] > session["revision"]


def test_a_change_of_a_version_that_is_past_is_a_conflict_and_changes_nothing(
    product: Product,
) -> None:
    session = product.running()
    assert patch(product, session, version=session["version"], name="one").status_code == 200
    answer = patch(product, session, version=session["version"], name="two")
    assert answer.status_code == 409
    error = answer.json()["error"]
    assert error["code"] == "version"
    assert (error["changed"]["by"], error["changed"]["by_kind"]) == ("anna", "person")
    assert abs(seconds_until(error["changed"]["at"])) < 60
    assert product.get(session["id"])["name"] == "one"


@pytest.mark.parametrize("version", [10**6, 2**63, 10**30])
def test_a_version_that_never_was_is_a_conflict_however_large(
    product: Product, ended: dict[str, Any], version: int
) -> None:
    assert patch(product, ended, version=version, name="x").status_code == 409


def test_a_change_without_a_version_or_without_a_change_is_refused(
    product: Product, ended: dict[str, Any]
) -> None:
    assert "version" in fields_of(patch(product, ended, name="x"))
    assert fields_of(patch(product, ended, version=ended["version"])) == {
        "": "Name a field to change: name, idle_timeout or max_lifetime."
    }


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "line\nbreak", "right\u202eleft", 7])
def test_a_name_that_is_none_is_refused(
    product: Product, ended: dict[str, Any], name: object
) -> None:
    fields_of(patch(product, ended, version=ended["version"], name=name))
    assert product.get(ended["id"])["name"] == ended["name"]


@pytest.mark.parametrize("name", ["Ärger & Söhne", "模型", "=1+1", "<b>bold</b>", "a'b\"c"])
def test_a_name_is_kept_as_it_was_typed_and_found_again(
    product: Product, ended: dict[str, Any], name: str
) -> None:
    assert patch(product, ended, version=ended["version"], name=name).json()["name"] == name
    found = product.client.get(
        "/services/sessions/api/v1/sessions",
        params={"tab": "history", "q": name.upper()},
        headers={"Authorization": f"token {product.token('anna')}"},
    ).json()["items"]
    assert ended["id"] in [one["id"] for one in found]


def test_of_an_ended_session_only_the_name_can_be_changed(
    product: Product, ended: dict[str, Any]
) -> None:
    answer = patch(product, ended, version=ended["version"], idle_timeout=3600)
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "state"
    answer = patch(product, ended, version=ended["version"], max_lifetime=None)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "state")
    renamed = patch(product, ended, version=ended["version"], name="for the record").json()
    assert (renamed["name"], renamed["state"]) == ("for the record", "stopped")
    assert extend(product, ended, seconds=600).status_code == 409


def test_another_idle_timeout_moves_the_end(product: Product) -> None:
    session = product.running(idle_timeout=900)
    changed = patch(product, session, version=session["version"], idle_timeout=7200).json()
    assert changed["idle_timeout"] == 7200
    shown = product.get(session["id"])
    assert 7000 < seconds_until(shown["idle"]["ends_at"]) <= 7200
    changed = patch(product, shown, version=shown["version"], idle_timeout=-1).json()
    assert (changed["idle_timeout"], changed["expires_at"]) == (-1, None)
    assert product.get(session["id"])["idle"]["state"] == "never"


@pytest.mark.parametrize("seconds", [0, 59, -2, 366 * DAY + 1, "900", 900.5, True, None])
def test_an_idle_timeout_that_is_none_is_refused(
    product: Product, ended: dict[str, Any], seconds: object
) -> None:
    fields_of(patch(product, ended, version=ended["version"], idle_timeout=seconds))


def test_another_longest_life_counts_from_when_it_was_ready(product: Product) -> None:
    session = product.running(idle_timeout=900)
    assert (session["max_lifetime"], session["lifetime_ends_at"]) == (None, None)
    changed = patch(product, session, version=session["version"], max_lifetime=600).json()
    ready_at = datetime.fromisoformat(changed["ready_at"])
    assert changed["max_lifetime"] == 600
    assert datetime.fromisoformat(changed["lifetime_ends_at"]) == ready_at + timedelta(seconds=600)
    assert changed["expires_at"] == changed["lifetime_ends_at"]
    changed = patch(product, changed, version=changed["version"], max_lifetime=None).json()
    assert (changed["max_lifetime"], changed["lifetime_ends_at"]) == (None, None)
    assert 0 < seconds_until(product.get(session["id"])["expires_at"]) <= 900
    story = product.api("GET", f"sessions/{session['id']}/chronicle", user=session["owner"])
    assert [one["sentence"] for one in story.json()["items"][-2:]] == [
        "You set the longest life to 10 min.",
        "You took away its longest life.",
    ]


def test_keeping_a_session_running_moves_its_end_and_is_bounded_by_a_day(product: Product) -> None:
    session = product.running(idle_timeout=60)
    kept = extend(product, session, seconds=3600).json()
    assert 3500 < seconds_until(kept["idle"]["extended_until"]) <= 3600
    assert 3500 < seconds_until(product.get(session["id"])["expires_at"]) <= 3600
    assert extend(product, session, seconds=DAY).status_code == 200
    assert list(fields_of(extend(product, session, seconds=DAY + 3600))) == ["seconds"]


def test_what_keeps_a_session_running_can_be_taken_back(product: Product) -> None:
    session = product.running(idle_timeout=900)
    extend(product, session, seconds=3600)
    back = extend(product, session, seconds=0).json()
    assert back["idle"]["extended_until"] is None
    assert 0 < seconds_until(product.get(session["id"])["expires_at"]) <= 900
    fields_of(extend(product, session, seconds=59))
    story = product.api("GET", f"sessions/{session['id']}/chronicle", user=session["owner"])
    last = story.json()["items"][-1]
    assert last["sentence"] == "You took back that it is kept running longer."


def test_a_moment_to_keep_it_until_lies_ahead_within_a_day(product: Product) -> None:
    session = product.running()
    now = datetime.now(UTC)
    until = (now + timedelta(hours=2)).isoformat()
    kept = extend(product, session, until=until).json()
    assert 7100 < seconds_until(kept["idle"]["extended_until"]) <= 7200
    for wrong in (
        (now - timedelta(seconds=1)).isoformat(),
        (now + timedelta(days=2)).isoformat(),
        "9999-12-31T23:59:59-23:59",
        "0001-01-01T00:00:00+23:59",
        "tomorrow",
        "",
    ):
        assert list(fields_of(extend(product, session, until=wrong))) == ["until"]
    assert product.get(session["id"])["idle"]["extended_until"] == kept["idle"]["extended_until"]


@pytest.mark.parametrize("body", [{}, {"seconds": 600, "until": "2030-01-01T00:00Z"}])
def test_either_seconds_or_a_moment_is_named(
    product: Product, ended: dict[str, Any], body: dict[str, Any]
) -> None:
    fields_of(extend(product, ended, **body))


def test_an_administrators_changes_are_told_to_be_on_behalf_of_the_owner(product: Product) -> None:
    session = product.running()
    path = f"sessions/{session['id']}"
    body = {"version": session["version"], "name": "tidied"}
    product.api("PATCH", path, body, user="admin", expect=200)
    product.api("POST", f"{path}/extend", {"seconds": 600}, user="admin", expect=200)
    lines = product.api("GET", f"{path}/chronicle", expect=200).json()["items"][-2:]
    assert [(one["event"], one["actor"], one["on_behalf_of"]) for one in lines] == [
        ("edited", "admin", "anna"),
        ("extended", "admin", "anna"),
    ]

"""A session's own token: its activity and nothing else, for this run and no other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.inside import env_of_kernel, put_activity
from tests.support.product import Product
from tests.support.waiting import wait_for

HOUR = timedelta(hours=1)


def own_token(product: Product, session: dict[str, Any]) -> str:
    return env_of_kernel(product, session)["JUPYTERHUB_API_TOKEN"]


def reported(product: Product, session_id: str, token: str, **use: Any) -> dict[str, Any]:
    answer = put_activity(product, session_id, token, {"kind": "shell", **use})
    assert answer.status_code == 200, answer.text
    idle: dict[str, Any] = answer.json()["idle"]
    return idle


def seconds_until(moment: str) -> float:
    return (datetime.fromisoformat(moment) - datetime.now(UTC)).total_seconds()


def test_a_sessions_token_reports_its_own_activity_and_no_other_sessions(product: Product) -> None:
    mine, theirs = product.running(), product.running(user="berta")
    token = own_token(product, mine)
    assert put_activity(product, mine["id"], token, {"kind": "lab"}).status_code == 200
    refused = put_activity(product, theirs["id"], token, {"kind": "lab"})
    assert refused.status_code == 403
    assert refused.json()["error"]["code"] == "forbidden"
    absent = put_activity(product, "saaaaaaaaaaa", token, {"kind": "lab"})
    assert absent.json()["error"]["message"] == refused.json()["error"]["message"]


def test_the_token_of_a_run_that_is_over_reports_nothing_any_more(product: Product) -> None:
    anna = product.token("anna")

    def run() -> dict[str, Any]:
        product.hub("POST", "users/anna/server", {"environment": "python"}, token=anna)
        items = wait_for(
            lambda: product.api("GET", "sessions", expect=200).json()["items"], what="a session"
        )
        return product.wait_state(items[0]["id"], "running")

    first = run()
    token = own_token(product, first)
    assert put_activity(product, first["id"], token).status_code == 200
    product.hub("DELETE", "users/anna/server", token=anna)
    product.wait_state(first["id"], "stopped")
    # The end is in the record a moment before everything in memory has followed it.
    wait_for(lambda: put_activity(product, first["id"], token).status_code == 403, seconds=4)
    second = run()
    assert second["id"] != first["id"]
    for session in (first, second):
        assert put_activity(product, session["id"], token).status_code == 403


def test_use_moves_the_end_and_a_busy_program_holds_it(product: Product) -> None:
    session = product.running(idle_timeout=600)
    token = own_token(product, session)
    now = datetime.now(UTC).isoformat()
    used = reported(product, session["id"], token, at=now)
    assert used["state"] == "counting"
    assert used["last"]["kind"] in ("shell", "lab", "notebook")
    assert 590 < seconds_until(used["ends_at"]) <= 600
    busy = reported(product, session["id"], token, busy=True, sentence="make test")
    assert (busy["state"], busy["ends_at"]) == ("in-use", None)
    assert {"kind": "shell", "sentence": "make test"} in busy["held_by"]
    over = reported(product, session["id"], token, at=now)
    assert over["held_by"] == []
    assert 590 < seconds_until(over["ends_at"]) <= 601


@pytest.mark.parametrize("ahead", [HOUR, 365 * 24 * HOUR])
def test_a_time_that_lies_ahead_counts_as_now(product: Product, ahead: timedelta) -> None:
    session = product.running(idle_timeout=600)
    token = own_token(product, session)
    at = (datetime.now(UTC) + ahead).isoformat()
    idle = reported(product, session["id"], token, at=at)
    assert seconds_until(idle["ends_at"]) <= 600
    assert seconds_until(idle["last"]["at"]) <= 0
    assert seconds_until(product.get(session["id"])["expires_at"]) <= 600


def test_a_report_of_long_ago_does_not_bring_the_end_nearer(product: Product) -> None:
    session = product.running(idle_timeout=600)
    token = own_token(product, session)
    before = reported(product, session["id"], token, at=datetime.now(UTC).isoformat())
    for at in ("2001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"):
        after = reported(product, session["id"], token, at=at)
        assert after["ends_at"] >= before["ends_at"]


@pytest.mark.hub5
def test_a_sessions_token_has_no_scope_but_its_owners_activity_and_lab_works(
    product: Product,
) -> None:
    for user in ("anna", "admin"):
        session = product.running(user=user)
        token = own_token(product, session)
        model = product.hub("GET", "user", token=token).json()
        assert {scope.partition("!")[0] for scope in model["scopes"]} <= {
            "users:activity",
            "read:users:activity",
            "read:users:name",
            "read:users:groups",
        }
        assert all(scope.endswith(f"!user={user}") for scope in model["scopes"])
        for method, path in (
            ("GET", "users"),
            ("POST", f"users/{user}/servers/more"),
            ("DELETE", f"users/{user}/servers/{session['server']}"),
            ("POST", f"users/{user}/tokens"),
        ):
            product.hub(method, path, {}, token=token, expect=(403, 404))
        lab = session["urls"]["lab"]
        refused = product.client.get(lab, headers={"Authorization": f"token {token}"})
        assert refused.status_code in (302, 403), "the token opens the session's own door"


def test_the_sessions_environment_holds_no_credential_of_anybody_else(product: Product) -> None:
    session, other = product.running(), product.running(user="berta", env={"KEY": "of-berta"})
    env = env_of_kernel(product, session)
    theirs = own_token(product, other)
    assert theirs not in env.values()
    assert "of-berta" not in env.values()
    assert not {"CONFIGPROXY_AUTH_TOKEN", "JUPYTERHUB_CRYPT_KEY"} & set(env)
    assert env["SESSIONS_ID"] == session["id"]

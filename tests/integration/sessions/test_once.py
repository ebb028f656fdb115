"""Double clicks, retries and crowds: one key makes one session, and the limit is exact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.support.product import Product
from tests.support.refusals import refusal_of
from tests.support.waiting import wait_for

LIMIT = 4  # as the shared product is set
BODY = {"environment": "python", "idle_timeout": 900, "drive": "default"}


def at_once(number: int, call: Callable[[int], httpx.Response]) -> list[httpx.Response]:
    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(call, range(number)))


def post(product: Product, user: str, body: Any, key: str | None = None) -> httpx.Response:
    headers = {} if key is None else {"Idempotency-Key": key}
    return product.api("POST", "sessions", body, user=user, headers=headers)


def live_of(product: Product, user: str) -> list[str]:
    items = product.api("GET", "sessions?limit=100", user=user, expect=200).json()["items"]
    return [one["id"] for one in items if one["state"] not in ("stopped", "failed")]


def test_ten_posts_at_once_with_one_key_make_one_session_and_have_one_answer(
    product: Product,
) -> None:
    user = product.new_user()
    product.token(user)
    answers = at_once(10, lambda _n: post(product, user, BODY, "double-click"))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert len(live_of(product, user)) == 1
    assert sum("Idempotent-Replay" in answer.headers for answer in answers) == 9


def test_the_same_key_is_another_one_for_another_person_and_another_route(
    product: Product,
) -> None:
    users = [product.new_user(), product.new_user()]
    first, second = (post(product, user, BODY, "mine").json()["id"] for user in users)
    assert first != second
    drive = product.api(
        "POST", "drives", {"name": "data"}, user=users[0], headers={"Idempotency-Key": "mine"}
    )
    assert drive.status_code == 201
    assert drive.json()["name"] == "data"


def test_whoever_gets_a_removed_users_name_gets_none_of_his_answers(product: Product) -> None:
    user = product.new_user()

    def make(token: str) -> httpx.Response:
        headers = {"Idempotency-Key": "mine"}
        return product.api("POST", "drives", {"name": "data"}, token=token, headers=headers)

    former = make(product.token(user)).json()["id"]
    product.hub("DELETE", f"users/{user}")
    product.hub("POST", f"users/{user}")
    token = product.hub("POST", f"users/{user}/tokens", {}).json()["token"]
    # Who a name is, is known for up to 10 s.
    answer = wait_for(
        lambda: (now := make(token)).json().get("id") != former and now,
        seconds=15,
        every=0.5,
        what="the new person to be known",
    )
    assert "Idempotent-Replay" not in answer.headers
    assert answer.status_code == 201


def test_the_same_key_with_another_body_is_a_conflict_and_makes_nothing(product: Product) -> None:
    user = product.new_user()
    assert post(product, user, BODY, "again").status_code == 201
    answer = post(product, user, {**BODY, "idle_timeout": 1800}, "again")
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "key"
    assert len(live_of(product, user)) == 1


def test_a_refusal_is_not_kept_under_its_key(product: Product) -> None:
    user = product.new_user()
    wrong = {**BODY, "environment": "unheard-of"}
    assert post(product, user, wrong, "second-try").status_code == 422
    assert post(product, user, BODY, "second-try").status_code == 201


def test_a_restart_with_one_key_starts_one_session(product: Product) -> None:
    session = product.create()
    product.api("POST", f"sessions/{session['id']}/stop", expect=202)
    product.wait_state(session["id"], "stopped")
    path, headers = f"sessions/{session['id']}/restart", {"Idempotency-Key": "restart-once"}
    answers = at_once(4, lambda _n: product.api("POST", path, headers=headers))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1


@pytest.mark.parametrize("key", ["", "x" * 201, "tab\tbed", "ümlaut"])
def test_a_key_that_is_none_is_refused_by_name(product: Product, key: str) -> None:
    headers = {"Idempotency-Key": key.encode("latin-1").decode("latin-1")}
    sent = {"Authorization": f"token {product.token('anna')}".encode()}
    raw = {name.encode(): value.encode("latin-1") for name, value in headers.items()}
    answer = product.client.post(
        "/services/sessions/api/v1/sessions",
        json=BODY,
        headers=[(b"Authorization", sent["Authorization"]), *raw.items()],
    )
    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.json()["error"]["fields"]


def test_of_twenty_creates_at_once_exactly_as_many_as_the_limit_come_through(
    product: Product,
) -> None:
    user = product.new_user()
    product.token(user)
    answers = at_once(20, lambda _n: post(product, user, BODY))
    assert Counter(one.status_code for one in answers) == {201: LIMIT, 409: 20 - LIMIT}
    refused = [one.json()["error"] for one in answers if one.status_code == 409]
    assert {one["code"] for one in refused} == {"limit"}
    assert {one["message"] for one in refused} != {""}
    assert len(live_of(product, user)) == LIMIT
    used = product.api("GET", "limits", user=user, expect=200).json()["sessions"]
    assert used == {"used": LIMIT, "max": LIMIT}
    for session_id in live_of(product, user):
        product.wait_state(session_id, "running", user=user)


def test_the_limit_holds_for_the_hubs_door_and_for_restart_too(product: Product) -> None:
    user = product.new_user()
    over = post(product, user, BODY).json()["id"]
    product.api("POST", f"sessions/{over}/stop", user=user, expect=202)
    product.wait_state(over, "stopped", user=user)
    for _ in range(LIMIT):
        assert post(product, user, BODY).status_code == 201
    token = product.token(user)
    assert "of 4" in refusal_of(product, f"users/{user}/servers/more", {}, token=token)
    answer = product.api("POST", f"sessions/{over}/restart", user=user, expect=409)
    assert answer.json()["error"]["code"] == "limit"
    assert len(live_of(product, user)) == LIMIT


def test_a_stopping_session_makes_room_at_once(product: Product) -> None:
    user = product.new_user()
    made = [post(product, user, BODY).json()["id"] for _ in range(LIMIT)]
    assert post(product, user, BODY).status_code == 409
    product.api("POST", f"sessions/{made[0]}/stop", user=user, expect=202)
    assert post(product, user, BODY).status_code == 201

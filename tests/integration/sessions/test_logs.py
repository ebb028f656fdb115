"""A session's log over REST: read, followed, downloaded; whose it is, and who is told of a look."""

from __future__ import annotations

import re
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from tests.support.busy_hub import keep_hub_busy
from tests.support.product import Product
from tests.support.streams import EventStream
from tests.support.waiting import wait_for


def read(
    product: Product, session: dict[str, Any], query: str = "", **asked: Any
) -> httpx.Response:
    return product.api("GET", f"sessions/{session['id']}/logs{query}", **asked)


def log_file(product: Product, session: dict[str, Any]) -> Any:
    return product.state / "processes" / f"{session['id']}.log"


def test_a_log_is_read_followed_and_taken_along(product: Product) -> None:
    session = product.running(name="wordy one")
    shown = read(product, session, expect=200).json()
    assert shown["containers"] == []
    assert not shown["is_kept"]
    assert any("jupyter" in line.lower() for line in shown["lines"])
    assert not any(re.search(r"token=(?!\*\*\*)", line) for line in shown["lines"])
    assert len(read(product, session, "?tail=2", expect=200).json()["lines"]) == 2

    file = read(product, session, "?download=true", expect=200)
    assert file.headers["content-type"] == "text/plain; charset=utf-8"
    assert f'filename="wordy-one-{session["id"]}.log"' in file.headers["content-disposition"]
    assert file.text.splitlines()[: len(shown["lines"])] == shown["lines"]

    address = f"{product.base}api/v1/sessions/{session['id']}/logs?follow=true&tail=3"
    with EventStream(address, product.token("anna")) as stream:
        assert len(stream.wait("lines").data["lines"]) == 3
        with log_file(product, session).open("a") as log:
            log.write("\x1b[32mhello\x1b[0m from inside, password=secret\n")
        wanted = "hello from inside, password=***"
        stream.wait("lines", lambda data: wanted in data["lines"])
        product.api("POST", f"sessions/{session['id']}/stop", expect=202)
        stream.wait("end")
    product.wait_state(session["id"], "stopped")
    product.wait_reported()
    over = read(product, session, expect=200).json()
    assert over["is_kept"]
    assert wanted in over["lines"]
    assert read(product, session, "?follow=true").status_code == 404


def test_the_log_of_a_session_that_waits_to_start_is_followed_from_before_its_beginning(
    product: Product,
) -> None:
    product.token("anna")
    keep_hub_busy(product)
    session = product.create()
    address = f"{product.base}api/v1/sessions/{session['id']}/logs?follow=true"
    with EventStream(address, product.token("anna")) as stream:
        assert stream.wait("lines").data["lines"] == []
        stream.wait("lines", lambda data: "jupyter" in " ".join(data["lines"]).lower(), seconds=60)
        assert not stream.of_kind("end")


def test_the_log_of_a_start_that_failed_is_what_was_kept(product: Product) -> None:
    session = product.create(environment="ends")
    product.wait_state(session["id"], "failed")
    shown = read(product, session, expect=200).json()
    assert shown == {"container": None, "containers": [], "lines": ["boom"], "is_kept": True}
    assert read(product, session, "?download=1", expect=200).text == "boom\n"


def test_the_look_of_an_administrator_is_a_line_in_the_story_and_told_once(
    product: Product,
) -> None:
    session = product.create(environment="ends")
    product.wait_state(session["id"], "failed")
    for _ in range(3):
        read(product, session, user="admin", expect=200)
        read(product, session, expect=200)
    items = product.api("GET", f"sessions/{session['id']}/chronicle", expect=200).json()["items"]
    looks = [one["sentence"] for one in items if one["event"] == "logs-read"]
    assert looks == ["admin read its logs."]
    assert read(product, session, user="bob").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["tail=0", "tail=5001", "tail=x", "follow=yes", "container=../x", "lines=5",
     "follow=true&download=true"],
)  # fmt: skip
def test_a_question_that_cannot_be_answered_is_refused_with_a_sentence(
    product: Product, query: str
) -> None:
    session = product.create(environment="ends")
    answer = read(product, session, f"?{query}", expect=422)
    assert answer.json()["error"]["message"]


def test_a_session_without_containers_has_none_to_choose(product: Product) -> None:
    session = product.running()
    answer = read(product, session, "?container=notebook", expect=422)
    assert "container" in answer.json()["error"]["fields"]


def test_somebody_follows_five_logs_at_a_time_and_no_more(product: Product) -> None:
    session = product.running()
    address = f"{product.base}api/v1/sessions/{session['id']}/logs?follow=true"
    with ExitStack() as streams:
        for _ in range(5):
            streams.enter_context(EventStream(address, product.token("anna"))).wait("lines")
        answer = read(product, session, "?follow=true", expect=429)
        assert answer.headers["retry-after"]
    wait_for(lambda: _may_follow(product, address), what="room for another reader")


def _may_follow(product: Product, address: str) -> bool:
    headers = {"Authorization": f"token {product.token('anna')}"}
    with product.client.stream("GET", address, headers=headers) as answer:
        return answer.status_code == 200


def test_the_owner_sees_what_a_start_prints_and_others_only_what_was_kept(
    product: Product,
) -> None:
    session = product.create(environment="silent")
    address = f"{product.base}api/v1/sessions/{session['id']}/events"
    own = EventStream(address, product.token("anna"))
    other = EventStream(address, product.token("admin"))
    with own, other:
        wait_for(log_file(product, session).exists, what="its log")
        with log_file(product, session).open("a") as log:
            log.write("nearly there\n")
        own.wait("lines", lambda data: data["lines"][-1] == "nearly there")
        told_others = other.of_kind("lines")
        assert told_others == [] or product.get(session["id"])["ended_at"]
        product.api("POST", f"sessions/{session['id']}/stop")
        other.wait("lines", lambda data: data["lines"][-1] == "nearly there")

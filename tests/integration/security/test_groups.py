"""Rights over the members of a group: in lists, totals and streams alike, while they last."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.product import Product
from tests.support.streams import EventStream, quiet_stream
from tests.support.waiting import wait_for

pytestmark = pytest.mark.hub5


def join(product: Product, group: str, *names: str) -> None:
    product.hub("POST", f"groups/{group}/users", {"users": list(names)})


def leave(product: Product, group: str, name: str) -> None:
    product.hub("DELETE", f"groups/{group}/users", {"users": [name]})


def listed(product: Product, user: str, query: str = "owner=*") -> list[dict[str, Any]]:
    found = product.api("GET", f"sessions?limit=100&{query}", user=user, expect=200).json()
    assert found["total"] == len(found["items"])
    items: list[dict[str, Any]] = found["items"]
    return items


def ids(sessions: list[dict[str, Any]]) -> set[str]:
    return {one["id"] for one in sessions}


@pytest.fixture(scope="module")
def people(shared_product: Product) -> tuple[str, str, str]:
    """Give a tutor, a member of the class, and somebody outside."""
    product = shared_product
    tutor, member, outsider = (product.new_user(kind) for kind in ("tutor", "member", "outsider"))
    join(product, "class", member)
    join(product, "tutors", tutor)
    drive = product.api("POST", "drives", {"name": "first"}, user=member, expect=201).json()
    wait_for(  # who is in a group is kept for 10 s
        lambda: product.api("GET", f"drives/{drive['id']}", user=tutor).status_code == 200,
        seconds=12,
        every=0.2,
        what="the class to have its member",
    )
    return tutor, member, outsider


def test_a_groups_administrator_finds_his_own_and_his_members_sessions(
    product: Product, people: tuple[str, str, str]
) -> None:
    tutor, member, outsider = people
    own, theirs, foreign = (product.create(user=name) for name in (tutor, member, outsider))
    assert ids(listed(product, tutor)) == {own["id"], theirs["id"]}
    assert ids(listed(product, tutor, "")) == {own["id"]}
    assert ids(listed(product, tutor, f"owner={member}")) == {theirs["id"]}
    assert listed(product, tutor, f"owner={outsider}") == []
    assert ids(listed(product, tutor, f"owner=*&q={member}")) == {theirs["id"]}
    assert listed(product, tutor, f"owner=*&q={outsider}") == []
    assert len(listed(product, tutor, "owner=*&environment=python")) == 2
    counted = product.api("GET", "sessions?owner=*&limit=0", user=tutor, expect=200).json()
    assert counted["total"] == 2
    product.api("GET", f"sessions/{theirs['id']}", user=tutor, expect=200)
    product.api("GET", f"sessions/{foreign['id']}", user=tutor, expect=404)


def test_what_a_row_allows_a_groups_administrator_is_what_he_may(
    product: Product, people: tuple[str, str, str]
) -> None:
    tutor, member, _ = people
    session = product.running(user=member, env={"KEY": "canary-of-a-member"})
    (row,) = listed(product, tutor, f"owner={member}")
    assert row["allowed"]["stop"] is True
    assert row["allowed"]["clone"] is True
    assert all(row["allowed"][action] is not True for action in ("rename", "edit", "extend"))
    assert "canary-of-a-member" not in repr(row)
    path = f"sessions/{session['id']}"
    body = {"version": session["version"], "name": "renamed"}
    product.api("PATCH", path, body, user=tutor, expect=403)
    product.api("POST", f"{path}/extend", {"seconds": 600}, user=tutor, expect=403)
    product.api("POST", f"{path}/stop", user=tutor, expect=202)
    ended = product.wait_state(session["id"], "stopped", user=member)
    assert ended["ended_by"] == tutor
    product.api("POST", f"{path}/restart", user=tutor, expect=403)


def test_a_groups_administrator_reads_no_lines_that_a_members_session_printed(
    product: Product, people: tuple[str, str, str]
) -> None:
    tutor, member, _ = people
    session = product.create(user=member, environment="ends")
    product.wait_state(session["id"], "failed", user=member)
    path = f"sessions/{session['id']}"
    product.api("GET", f"{path}/logs", user=tutor, expect=403)
    address = f"{product.base}api/v1/{path}/events"
    with EventStream(address, product.token(tutor)) as stream:
        stream.wait("end")
        assert stream.of_kind("lines") == []
    for _ in range(2):
        with EventStream(address, product.token("admin")) as stream:
            assert stream.wait("lines").data["lines"] == ["boom"]
            stream.wait("end")
    story = product.api("GET", f"{path}/chronicle", user=member, expect=200).json()["items"]
    looks = [one["sentence"] for one in story if one["event"] == "logs-read"]
    assert looks == ["admin read its logs."]


def test_who_may_only_read_a_group_stops_nothing_in_it(
    product: Product, people: tuple[str, str, str]
) -> None:
    _, member, _ = people
    assistant = product.new_user("assistant")
    join(product, "assistants", assistant)
    session = product.create(user=member)
    assert ids(listed(product, assistant)) == {session["id"]}
    product.api("POST", f"sessions/{session['id']}/stop", user=assistant, expect=403)


def test_a_groups_administrator_sees_his_members_drives_and_leaves_them_alone(
    product: Product, people: tuple[str, str, str]
) -> None:
    tutor, member, outsider = people
    drive = product.api("POST", "drives", {"name": "data"}, user=member, expect=201).json()
    hidden = product.api("POST", "drives", {"name": "data"}, user=outsider, expect=201).json()

    def names(user: str, query: str = "") -> list[str]:
        found = product.api("GET", f"drives{query}", user=user, expect=200).json()["items"]
        return [one["owner"] for one in found]

    assert set(names(tutor)) <= {tutor}
    assert set(names(tutor, f"?owner={member}")) == {member}
    assert names(tutor, f"?owner={outsider}") == []
    assert set(names("admin", f"?owner={outsider}")) == {outsider}
    shown = product.api("GET", f"drives/{drive['id']}", user=tutor, expect=200).json()
    assert shown["allowed"] == dict.fromkeys(
        ("delete", "rename", "grow"), "You may not do this to this drive."
    )
    product.api("GET", "drives/data", user=tutor, expect=404)
    product.api("GET", f"drives/{hidden['id']}", user=tutor, expect=404)
    product.api("PATCH", f"drives/{drive['id']}", {"name": "mine"}, user=tutor, expect=403)
    product.api("DELETE", f"drives/{drive['id']}?confirm=data", user=tutor, expect=404)
    renamed = product.api("PATCH", f"drives/{drive['id']}", {"name": "moved"}, user="admin")
    assert renamed.json()["name"] == "moved"
    assert product.api("GET", "drives/moved", user=member, expect=200).json()["id"] == drive["id"]


def test_a_member_who_was_removed_and_made_again_is_another_person(
    product: Product, people: tuple[str, str, str]
) -> None:
    tutor, member = people[0], product.new_user("again")
    session = product.create(user=member)
    product.api("POST", f"sessions/{session['id']}/stop", user=member, expect=202)
    product.wait_state(session["id"], "stopped", user=member)
    product.hub("DELETE", f"users/{member}")
    product.hub("POST", f"users/{member}", expect=(201,))
    join(product, "class", member)
    token = product.hub("POST", f"users/{member}/tokens", {}).json()["token"]
    product.kill_worker()  # it keeps for 10 s who somebody is
    for query in ("owner=*&tab=history", f"owner={member}&tab=history"):
        assert session["id"] not in ids(listed(product, tutor, query))
        found = product.api("GET", f"sessions?{query}", token=token, expect=200).json()
        assert (found["total"], found["items"]) == (0, [])
    product.api("GET", f"sessions/{session['id']}", user=tutor, expect=404)


def test_the_stream_follows_the_members_and_takes_away_who_leaves(
    product: Product, people: tuple[str, str, str]
) -> None:
    tutor, member, outsider = people
    with quiet_stream(f"{product.base}api/v1/events", product.token(tutor)) as stream:
        session, foreign = product.create(user=member), product.create(user=outsider)
        stream.wait("session", lambda data: data["id"] == session["id"])
        own = product.create(user=tutor)
        stream.wait("session", lambda data: data["id"] == own["id"])
        leave(product, "class", member)
        gone = stream.wait("removed", seconds=12)
        assert gone.data == {"id": session["id"]}
        stream.wait("reset")
        join(product, "class", outsider)
        wait_for(lambda: len(stream.of_kind("reset")) == 2, seconds=12, what="a new member")
        before = len(stream.of_kind("session"))
        product.api("POST", f"sessions/{session['id']}/stop", user=member, expect=202)
        product.api("POST", f"sessions/{foreign['id']}/stop", user=outsider, expect=202)
        stream.wait(
            "session", lambda data: data["id"] == foreign["id"] and data["state"] == "stopped"
        )
        seen = [event.data["id"] for event in stream.of_kind("session")[before:]]
        assert session["id"] not in seen
        assert len(stream.of_kind("removed")) == 1
        assert not stream.of_kind("signed-out")
    found = ids(listed(product, tutor, "owner=*&tab=history"))
    assert foreign["id"] in found
    assert session["id"] not in found
    product.api("GET", f"sessions/{session['id']}", user=tutor, expect=404)

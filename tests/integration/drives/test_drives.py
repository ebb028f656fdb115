"""Drives: made, named, limited, used by several sessions, deleted with care, restored."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.support.inside import call_lab
from tests.support.product import Product
from tests.support.waiting import wait_for

LIMIT = 6  # as the shared product is set, the default one included


@pytest.fixture
def user(product: Product) -> str:
    """Give somebody who has no drive yet."""
    return product.new_user()


def make(product: Product, user: str, name: str) -> httpx.Response:
    return product.api("POST", "drives", {"name": name}, user=user)


def listed(product: Product, user: str, query: str = "") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = product.api(
        "GET", f"drives{query}", user=user, expect=200
    ).json()["items"]
    return items


def names(product: Product, user: str, query: str = "") -> list[str]:
    return [one["name"] for one in listed(product, user, query)]


def test_the_default_drive_is_made_by_the_first_session(product: Product, user: str) -> None:
    assert listed(product, user) == []
    session = product.running(user=user)
    (drive,) = listed(product, user)
    assert (drive["name"], drive["title"], drive["is_default"]) == ("default", "your default", True)
    assert drive["id"] == session["drive_id"]
    assert drive["mounted_by"] == [
        {"id": session["id"], "name": session["name"], "read_only": False}
    ]
    assert drive["last_used_at"] is not None
    folder = product.state / "drives" / drive["id"]
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_launch_makes_no_drive_but_the_default_one(product: Product, user: str) -> None:
    body = {"environment": "python", "idle_timeout": 900, "drive": "data"}
    answer = product.api("POST", "sessions", body, user=user, expect=422)
    assert answer.json()["error"]["fields"] == {
        "drive": "You have no drive called ‘data’. Make it first."
    }
    assert "data" not in names(product, user)


def test_somebody_elses_drive_answers_like_one_that_is_not_there(
    product: Product, user: str
) -> None:
    theirs = make(product, product.new_user(), "data").json()["id"]
    body = {"environment": "python", "idle_timeout": 900}
    answers = [
        product.api("POST", "sessions", {**body, "drive": name}, user=user, expect=422)
        for name in (theirs, "daaaaaaaaaaa")
    ]
    texts = [
        answer.json()["error"]["message"].replace(name, "…")
        for answer, name in zip(answers, (theirs, "daaaaaaaaaaa"), strict=True)
    ]
    assert texts[0] == texts[1]


@pytest.mark.parametrize("name", ["a", "data", "model-2", "0", "x" * 40])
def test_a_good_name_is_taken(product: Product, user: str, name: str) -> None:
    made = make(product, user, name)
    assert made.status_code == 201
    assert made.json()["name"] == name
    for reference in (name, made.json()["id"]):
        shown = product.api("GET", f"drives/{reference}", user=user, expect=200).json()
        assert shown == made.json()


@pytest.mark.parametrize("name", ["", "Data", "a b", "-a", "a-", "x" * 41, "ä", "..", "a/b", "a.b"])
def test_a_bad_name_is_refused_with_the_rule(product: Product, user: str, name: str) -> None:
    answer = make(product, user, name)
    assert answer.status_code == 422
    assert "lower case" in answer.json()["error"]["fields"]["name"]
    assert listed(product, user) == []


def test_a_name_is_there_once_for_each_person(product: Product, user: str) -> None:
    assert make(product, user, "data").status_code == 201
    answer = make(product, user, "data")
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "in-use"
    assert make(product, product.new_user(), "data").status_code == 201
    assert names(product, user) == ["data"]


def test_there_are_as_many_as_the_limit_and_the_default_one_counts(
    product: Product, user: str
) -> None:
    product.create(user=user)
    for number in range(LIMIT - 1):
        assert make(product, user, f"d{number}").status_code == 201
    answer = make(product, user, "more")
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "limit"
    assert product.api("GET", "limits", user=user).json()["drives"] == {"used": LIMIT, "max": LIMIT}


def test_a_new_name_is_shown_by_live_sessions_and_history_keeps_the_old_one(
    product: Product, user: str
) -> None:
    make(product, user, "before")
    past = product.create(user=user, drive="before")
    product.api("POST", f"sessions/{past['id']}/stop", user=user, expect=202)
    product.wait_state(past["id"], "stopped", user=user)
    live = product.running(user=user, drive="before")
    product.api("PATCH", "drives/before", {"name": "after"}, user=user, expect=200)
    assert product.get(live["id"], user=user)["drive"] == "after"
    assert product.get(past["id"], user=user)["drive"] == "before"
    shown = product.api("GET", "drives/after", user=user, expect=200).json()
    assert [one["id"] for one in shown["mounted_by"]] == [live["id"]]
    product.api("GET", "drives/before", user=user, expect=404)


def test_the_default_drive_keeps_its_name_and_stays(product: Product, user: str) -> None:
    product.create(user=user)
    product.stop_all()
    body = {"name": "mine"}
    product.api("PATCH", "drives/default", body, user=user, expect=409)
    product.api("DELETE", "drives/default?confirm=default", user=user, expect=409)
    (drive,) = listed(product, user)
    assert drive["allowed"]["delete"] == "The default drive cannot be deleted."


@pytest.mark.parametrize("query", ["", "?confirm=", "?confirm=DATA", "?confirm=dat"])
def test_a_deletion_wants_the_name_typed(product: Product, user: str, query: str) -> None:
    make(product, user, "data")
    answer = product.api("DELETE", f"drives/data{query}", user=user, expect=422)
    assert "data" in answer.json()["error"]["fields"]["confirm"]
    assert names(product, user) == ["data"]


def test_a_drive_in_use_is_not_deleted_and_says_by_what(product: Product, user: str) -> None:
    make(product, user, "data")
    session = product.running(user=user, drive="data", name="the reader")
    error = product.api("DELETE", "drives/data?confirm=data", user=user, expect=409).json()["error"]
    assert error["code"] == "in-use"
    assert "the reader" in error["message"]
    assert error["mounted_by"] == [{"id": session["id"], "name": "the reader"}]
    product.stop_all()
    product.api("DELETE", "drives/data?confirm=data", user=user, expect=200)


def test_a_deleted_drive_comes_back_with_its_files(product: Product, user: str) -> None:
    make(product, user, "data")
    session = product.running(user=user, drive="data")
    save(product, session, "notes.txt", "kept")
    product.stop_all()
    deleted = product.api("DELETE", "drives/data?confirm=data", user=user, expect=200).json()
    assert deleted["deleted_at"] is not None
    assert "data" not in names(product, user)
    assert names(product, user, "?deleted=true") == ["data"]
    product.api("POST", "drives/data/restore", user=user, expect=200)
    assert "data" in names(product, user)
    assert names(product, user, "?deleted=true") == []
    again = product.running(user=user, drive="data")
    assert load(product, again, "notes.txt") == "kept"


def test_a_drive_is_not_restored_over_a_new_one_of_its_name(product: Product, user: str) -> None:
    first = make(product, user, "data").json()["id"]
    product.api("DELETE", "drives/data?confirm=data", user=user, expect=200)
    second = make(product, user, "data").json()["id"]
    product.api("POST", f"drives/{first}/restore", user=user, expect=409)
    product.api("PATCH", "drives/data", {"name": "other"}, user=user, expect=200)
    product.api("POST", f"drives/{first}/restore", user=user, expect=200)
    assert {one["id"]: one["name"] for one in listed(product, user)} == {
        first: "data",
        second: "other",
    }


def test_two_sessions_on_one_drive_see_the_same_file(product: Product, user: str) -> None:
    make(product, user, "shared")
    first, second = (product.running(user=user, drive="shared") for _ in range(2))
    save(product, first, "note.txt", "from the first")
    assert load(product, second, "note.txt") == "from the first"
    save(product, second, "note.txt", "from the second")
    assert load(product, first, "note.txt") == "from the second"
    assert len(listed(product, user)[-1]["mounted_by"]) == 2


def test_sessions_on_two_drives_see_nothing_of_each_other(product: Product, user: str) -> None:
    make(product, user, "one")
    make(product, user, "two")
    first, second = (product.running(user=user, drive=name) for name in ("one", "two"))
    save(product, first, "mine.txt", "x")
    assert call_lab(product, second, "GET", "api/contents/mine.txt").status_code == 404


def test_what_a_drive_holds_is_measured_without_following_links(
    product: Product, user: str
) -> None:
    session = product.running(user=user)
    save(product, session, "data.txt", "x" * 3_000_000)
    folder = product.state / "drives" / session["drive_id"]
    (folder / "elsewhere").symlink_to("/usr")

    def used() -> int:
        return int(listed(product, user)[0]["used"] or 0)

    # Figures are kept for some seconds.
    wait_for(lambda: used() >= 3_000_000, seconds=40, every=0.5, what="the drive to be measured")
    assert used() < 100_000_000


def test_folders_have_no_size_and_say_so(product: Product, user: str) -> None:
    options = product.api("GET", "drives/options", user=user, expect=200).json()
    assert (options["size"], options["storage_classes"]) == (None, [])
    sized = product.api("POST", "drives", {"name": "d", "size": "1Gi"}, user=user, expect=422)
    assert "no size" in sized.json()["error"]["fields"]["size"]
    made = make(product, user, "d").json()
    assert made["size"] is made["storage_class"] is None
    assert "no size" in made["allowed"]["grow"]
    grown = product.api("PATCH", "drives/d", {"size": "1Gi"}, user=user, expect=422)
    assert "no size" in grown.json()["error"]["fields"]["size"]
    product.api("PATCH", "drives/d", {}, user=user, expect=422)


def test_a_folder_is_adopted_by_nobody(product: Product, user: str) -> None:
    body = {"owner": user, "name": "old", "claim": "old"}
    product.api("POST", "admin/drives", body, user="admin", expect=403)
    answer = product.api("POST", "admin/drives", body, user="keeper", expect=422)
    assert "copy its files" in answer.json()["error"]["fields"]["claim"]
    assert names(product, user) == []


def save(product: Product, session: dict[str, Any], name: str, text: str) -> None:
    body = {"type": "file", "format": "text", "content": text}
    answer = call_lab(product, session, "PUT", f"api/contents/{name}", body)
    assert answer.status_code in (200, 201), answer.text


def load(product: Product, session: dict[str, Any], name: str) -> str:
    answer = call_lab(product, session, "GET", f"api/contents/{name}")
    assert answer.status_code == 200, answer.text
    text: str = answer.json()["content"]
    return text


def test_an_extra_drive_is_there_for_the_time_of_the_session(product: Product, user: str) -> None:
    data = product.state / "drives" / make(product, user, "data").json()["id"]
    extra = [{"drive": "data", "path": "deep/in"}]
    session = product.running(user=user, extra_drives=extra)
    save(product, session, "deep/in/note.txt", "on the other drive")
    assert (data / "note.txt").read_text() == "on the other drive"
    shown = product.api("GET", "drives/data", user=user, expect=200).json()
    assert [one["id"] for one in shown["mounted_by"]] == [session["id"]]
    other = product.running(user=user, extra_drives=extra)
    product.api("POST", f"sessions/{session['id']}/stop", user=user, expect=202)
    product.wait_state(session["id"], "stopped", user=user)
    assert load(product, other, "deep/in/note.txt") == "on the other drive"
    product.stop_all()
    home = product.state / "drives" / other["drive_id"]
    assert list((home / "deep").iterdir()) == []
    assert (data / "note.txt").exists()


def test_an_extra_drive_does_not_take_the_place_of_files(product: Product, user: str) -> None:
    make(product, user, "data")
    save(product, product.running(user=user), "mine", "kept")
    product.stop_all()
    session = product.create(user=user, extra_drives=[{"drive": "data", "path": "mine"}])
    failed = product.wait_state(session["id"], "failed", user=user)
    assert failed["cause"] == "volume"
    assert "‘data’" in failed["explanation"]["sentence"]
    assert "‘mine’ is there already" in failed["explanation"]["sentence"]
    assert load(product, product.running(user=user), "mine") == "kept"


def test_an_extra_drive_of_one_machine_is_not_had_read_only(product: Product, user: str) -> None:
    make(product, user, "data")
    extra = [{"drive": "data", "path": "in", "read_only": True}]
    body = {"environment": "python", "idle_timeout": 900, "drive": "default", "extra_drives": extra}
    answer = product.api("POST", "sessions", body, user=user, expect=422)
    assert "read-only" in answer.json()["error"]["fields"]["extra_drives.read_only"]

"""Options that come through the hub's own doors are checked whole; a refusal leaves nothing."""

from __future__ import annotations

from typing import Any

import jupyterhub
import pytest

from tests.support.inside import env_of_kernel, processes_of
from tests.support.product import Product
from tests.support.refusals import refusal_of
from tests.support.waiting import wait_for

pytestmark = pytest.mark.hub5

STORES_OPTIONS = int(jupyterhub.__version__.partition(".")[0]) >= 6
SMUGGLED: dict[str, tuple[dict[str, Any], str]] = {
    "another profile": ({"profile": "python"}, "profile: There is no such field"),
    "a profile beside an environment": (
        {"environment": "python", "profile": "other"},
        "profile: There is no such field",
    ),
    "an unknown key": ({"nonsense": 1}, "nonsense: There is no such field"),
    "somebody else's name": ({"owner": "admin", "id": "saaaaaaaaaaa"}, "There is no such field"),
    "a variable of the session's": ({"env": {"LD_PRELOAD": "/tmp/x.so"}}, "env.LD_PRELOAD"),
    "a variable of the hub's": ({"env": {"JUPYTERHUB_API_TOKEN": "x"}}, "env.JUPYTERHUB_API"),
    "a visibility": ({"visibility": {"level": "everyone"}}, "visibility: "),
    "an image": ({"image": "registry.example.org/x:1"}, "image: "),
    "a pod": ({"pod_spec": "spec: {}"}, "pod_spec: "),
    "changes to a pod": ({"pod_overrides": "metadata: {}"}, "pod_overrides: "),
    "a secret": ({"secrets": [{"name": "key"}]}, "secrets: "),
    "an account": ({"service_account": "robot"}, "service_account: "),
    "a database": ({"cloud_sql": [{"instance": "project:region:name"}]}, "cloud_sql: "),
    "somebody who pays": ({"billing_project": "keeping"}, "billing_project: "),
    "a drive more": (
        {"extra_drives": [{"drive": "d", "path": "p"}]},
        "There is no drive called ‘d’",
    ),
    "company": ({"collaborative": True}, "collaborative: "),
    "a choice that is not offered": ({"choices": {"image": "own"}}, "choices.image: "),
    "no environment of ours": ({"environment": "unheard-of"}, "environment: "),
    "a wrong type": ({"idle_timeout": "900"}, "idle_timeout: Use a whole number"),
    "somebody else's folder": ({"drive": "../../etc"}, "drive: "),
    "a drive that is not there": ({"drive": "nobody-has-it"}, "nobody-has-it"),
    "a version of the future": ({"version": 99}, "version"),
}


def nothing_is_left(product: Product, user: str) -> None:
    for tab in ("active", "history"):
        answer = product.api("GET", f"sessions?tab={tab}", user=user, expect=200)
        assert answer.json()["total"] == 0, answer.text

    def is_idle() -> bool:
        servers = product.hub("GET", f"users/{user}").json()["servers"]
        return not any(one["ready"] or one["pending"] for one in servers.values())

    wait_for(is_idle, what="the hub to be done with it")


@pytest.mark.parametrize("name", SMUGGLED)
def test_options_sent_to_the_hub_are_refused_with_our_sentence(product: Product, name: str) -> None:
    options, sentence = SMUGGLED[name]
    user = product.new_user()
    for path in (f"users/{user}/servers/mine", f"users/{user}/server"):
        assert sentence in refusal_of(product, path, options, token=product.token(user))
    nothing_is_left(product, user)


@pytest.mark.skipif(not STORES_OPTIONS, reason="hubs before 6 store no options without a start")
@pytest.mark.parametrize("name", SMUGGLED)
def test_options_stored_at_the_hub_are_refused_when_somebody_presses_start(
    product: Product, name: str
) -> None:
    options, sentence = SMUGGLED[name]
    user = product.new_user()
    own = product.token(user)
    path = f"users/{user}/servers/stored"
    product.hub("PUT", path, {"user_options": {}}, token=own)
    product.hub("PATCH", path, {"user_options": options}, token=own)
    for token in (product.token("admin"), product.token(user, f"servers!user={user}")):
        assert sentence in refusal_of(product, path, token=token)
    nothing_is_left(product, user)


@pytest.mark.parametrize("name", SMUGGLED)
def test_options_that_were_refused_and_kept_by_the_hub_are_refused_again(
    product: Product, name: str
) -> None:
    options, sentence = SMUGGLED[name]
    user = product.new_user()
    path = f"users/{user}/servers/mine"
    assert refusal_of(product, path, options, token=product.token(user))
    assert sentence in refusal_of(product, path, token=product.token("admin"))
    nothing_is_left(product, user)


@pytest.mark.skipif(not STORES_OPTIONS, reason="hubs before 6 store no options without a start")
def test_stored_options_are_refused_after_a_restart_of_the_hub_too(product: Product) -> None:
    user = product.new_user()
    path = f"users/{user}/servers/stored"
    product.hub("PUT", path, {"user_options": {}}, token=product.token(user))
    product.hub("PATCH", path, {"user_options": {"secrets": [{"name": "key"}]}})
    product.stop()
    product.start()
    assert "secrets: " in refusal_of(product, path, token=product.token("admin"))
    nothing_is_left(product, user)


@pytest.mark.skipif(not STORES_OPTIONS, reason="hubs before 6 store no options without a start")
def test_a_restart_takes_what_was_admitted_and_nothing_that_was_stored_since(
    product: Product,
) -> None:
    user = product.new_user()
    own, path = product.token(user), f"users/{user}/servers/mine"
    product.hub("POST", path, {"env": {"MINE": "1"}}, token=own)
    (session,) = wait_for(
        lambda: product.api("GET", "sessions", user=user).json()["items"], what="a session"
    )
    product.wait_state(session["id"], "running", user=user)
    product.api("POST", f"sessions/{session['id']}/stop", user=user, expect=202)
    product.wait_state(session["id"], "stopped", user=user)
    smuggled = {"image": "registry.example.org/x:1", "env": {"MINE": "2"}}
    product.hub("PATCH", path, {"user_options": smuggled}, token=own)
    restart = f"sessions/{session['id']}/restart"
    again = product.api("POST", restart, user=user, expect=201).json()
    again = product.wait_state(again["id"], "running", user=user)
    assert again["image"] is None
    assert env_of_kernel(product, again)["MINE"] == "1"
    assert "image: " in refusal_of(product, path, token=product.token("admin"))


@pytest.mark.skipif(not STORES_OPTIONS, reason="hubs before 6 store no options without a start")
def test_stored_options_are_refused_whoever_starts_them(product: Product) -> None:
    user = product.new_user()
    own, path = product.token(user), f"users/{user}/servers/stored"
    product.hub("PUT", path, {"user_options": {"profile": "other"}}, token=own)
    for presser in (own, product.token("admin"), product.token(user, f"servers!user={user}")):
        assert "profile: There is no such field" in refusal_of(product, path, token=presser)
    nothing_is_left(product, user)


def test_a_refused_start_does_not_count_as_a_failure_of_the_hubs(product: Product) -> None:
    user = product.new_user()
    for _ in range(5):
        path = f"users/{user}/servers/mine"
        assert refusal_of(product, path, {"nonsense": 1}, token=product.token(user))
    assert product.running(user=user)["state"] == "running"


def test_a_server_named_like_somebodys_session_is_refused_and_touches_nothing(
    product: Product,
) -> None:
    theirs = product.running()
    mallory = product.new_user("mallory")
    path = f"users/{mallory}/servers/{theirs['id']}"
    refusal = refusal_of(product, path, {}, token=product.token(mallory))
    assert "has ended" in refusal or "name" in refusal
    nothing_is_left(product, mallory)
    assert product.get(theirs["id"])["state"] == "running"
    assert processes_of(product, theirs["id"])


def test_the_name_of_an_ended_session_is_never_revived(product: Product) -> None:
    session = product.running()
    product.api("POST", f"sessions/{session['id']}/stop", expect=202)
    product.wait_state(session["id"], "stopped")
    product.wait_reported()
    ended = product.get(session["id"])
    path = f"users/anna/servers/{session['id']}"
    refusal = refusal_of(product, path, {}, token=product.token("anna"))
    assert "Start it again from the Sessions page" in refusal
    assert product.get(session["id"]) == ended


def test_a_session_of_the_hub_never_takes_its_id_from_its_servers_name(product: Product) -> None:
    name = "sabcdefghij2"
    product.hub("POST", f"users/anna/servers/{name}", {}, token=product.token("anna"))
    (session,) = wait_for(
        lambda: product.api("GET", "sessions", expect=200).json()["items"], what="a session"
    )
    assert session["server"] == name
    assert session["id"] != name
    product.api("GET", f"sessions/{name}", expect=404)


def test_a_user_who_was_removed_and_made_again_is_another_person(product: Product) -> None:
    name = product.new_user("gone")
    product.api("POST", "drives", {"name": "private"}, user=name, expect=201)
    session = product.create(user=name)
    product.api("POST", f"sessions/{session['id']}/stop", user=name, expect=202)
    product.wait_state(session["id"], "stopped", user=name)
    product.hub("DELETE", f"users/{name}")
    product.hub("POST", f"users/{name}", expect=(201,))
    token = product.hub("POST", f"users/{name}/tokens", {}).json()["token"]
    product.kill_worker()  # it keeps for 10 s who somebody is
    assert product.api("GET", "drives", token=token, expect=200).json()["items"] == []
    answer = product.api("GET", "sessions?tab=history", token=token, expect=200)
    assert answer.json()["items"] == []
    product.api("GET", f"sessions/{session['id']}", token=token, expect=404)

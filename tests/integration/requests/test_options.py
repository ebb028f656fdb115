"""An environment's options reach the session; what no longer fits is refused before it starts."""

from __future__ import annotations

import contextlib
import html
import re
from typing import Any

import pytest

from tests.support.hub_pages import as_a_browser
from tests.support.inside import env_of_kernel
from tests.support.product import Product
from tests.support.refusals import refusal_of
from tests.support.signed_in import SignedIn
from tests.support.waiting import wait_for

pytestmark = pytest.mark.hub5


def env_with(product: Product, **fields: Any) -> dict[str, str]:
    """Return what a running session with these fields has in its environment."""
    return env_of_kernel(product, product.running(**fields))


def refused(product: Product, **fields: Any) -> dict[str, str]:
    """Return field → sentence of what the service refuses; the hub's door says the same."""
    body = {"idle_timeout": 900, "drive": "default", **fields}
    found: dict[str, str] = product.api("POST", "sessions", body, expect=422).json()["error"][
        "fields"
    ]
    token = product.token("anna")
    refusal = refusal_of(product, "users/anna/servers/mine", fields, token=token)
    for field, sentence in found.items():
        assert f"{field}: {sentence}" in refusal
    nothing_is_left(product)
    return found


def nothing_is_left(product: Product) -> None:
    assert product.api("GET", "sessions", expect=200).json()["total"] == 0


def test_options_that_are_not_named_have_their_defaults(product: Product) -> None:
    env = env_with(product, environment="sized")
    assert (env["MODE"], env["SITE"]) == ("safe", "here")
    assert "FLAG" not in env
    assert "UNWANTED" not in env


def test_text_of_ones_own_goes_where_the_administrator_put_it(product: Product) -> None:
    env = env_with(product, environment="sized", choices={"flag": {"unlisted": "raised"}})
    assert env["FLAG"] == "is raised"


def test_the_hubs_spawn_page_offers_and_takes_options(product: Product) -> None:
    with contextlib.closing(SignedIn(product, "anna")) as browser:
        page = browser.client.get("/hub/spawn").text
        assert 'name="choice:sized:size"' in page
        action = re.search(r'<form[^>]*action="([^"]+)"', page, re.DOTALL)
        assert action is not None
        typed = {
            "environment": "sized",
            "idle_timeout": "900",
            "drive": "default",
            "choice:sized:size": "large",
            "own:sized:flag": "waving",
        }
        answer = browser.client.post(html.unescape(action[1]), data=typed)
        assert answer.status_code == 200, answer.text
    (session,) = wait_for(
        lambda: product.api("GET", "sessions", expect=200).json()["items"], what="a session"
    )
    env = env_of_kernel(product, product.wait_state(session["id"], "running"))
    assert (env["MODE"], env["FLAG"]) == ("large", "is waving")


def test_functions_of_the_administrators_are_asked_at_each_start(product: Product) -> None:
    env = env_with(product, environment="called")
    assert (env["WHO"], env["FAST"]) == ("anna", "late")


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"choices": {"size": "huge"}}, "choices.size", "Choose one of: small, large."),
        ({"choices": {"colour": "red"}}, "choices.colour", "This environment has no such option"),
        ({"choices": {"flag": {"unlisted": "A B"}}}, "choices.flag", "Choose one of the values"),
        ({"env": {"MODE": "mine"}}, "env.MODE", "The environment ‘Sized’ sets this variable"),
        (
            {"choices": {"size": "large"}, "env": {"MODE": "large"}},
            "env.MODE",
            "The option ‘Size’ sets this variable",
        ),
        ({"env": {"SITE": "there"}}, "env.SITE", "This variable belongs to the session"),
        ({"env": {"HOME": "/tmp"}}, "env.HOME", "This variable belongs to the session"),
        ({"environment": "greedy"}, "environment", "It sets SESSIONS_ID, which belongs to"),
    ],
)
def test_what_does_not_fit_together_is_refused_before_anything_is_made(
    product: Product, fields: dict[str, Any], field: str, sentence: str
) -> None:
    found = refused(product, **{"environment": "sized", **fields})
    assert list(found) == [field]
    assert found[field].startswith(sentence)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            {"environment": "called", "env": {"WHO": "me"}},
            "env.WHO: env.WHO is set by both environment ‘called’ and env; choose one.",
        ),
        ({"environment": "fails"}, "The environment ‘fails’ cannot be started: a function of its"),
    ],
)
def test_what_only_the_hub_can_know_is_refused_by_the_hub(
    product: Product, options: dict[str, Any], sentence: str
) -> None:
    token = product.token("anna")
    refusal = refusal_of(product, "users/anna/servers/mine", options, token=token)
    assert sentence in refusal
    assert "canary" not in refusal
    nothing_is_left(product)


def test_a_choice_that_is_no_longer_offered_is_said_at_every_door(product: Product) -> None:
    wanted: dict[str, Any] = {"environment": "sized", "choices": {"size": "large"}}
    session = product.running(**wanted)
    product.api("POST", f"sessions/{session['id']}/stop", expect=202)
    product.wait_state(session["id"], "stopped")
    stored = product.hub("POST", "users/anna/servers/mine", wanted, token=product.token("anna"))
    assert stored.status_code in (201, 202)
    product.stop_all()
    gone = product.folder / "no-large"
    gone.touch()
    try:
        wait_for(lambda: "large" not in sizes_offered(product), seconds=15, what="new settings")
        path = f"sessions/{session['id']}/restart"
        error = product.api("POST", path, expect=409).json()["error"]
        assert error["code"] == "changed"
        assert error["changes"][0]["field"] == "choices.size"
        reason = "Option ‘size’ is left out: Choose one of: small."
        assert error["changes"][0]["reason"] == reason
        path, token = "users/anna/servers/mine", product.token("admin")
        assert "choices.size: Choose one of: small." in refusal_of(product, path, token=token)
    finally:
        gone.unlink()
        wait_for(lambda: "large" in sizes_offered(product), seconds=15, what="the old settings")


def test_a_function_of_the_settings_that_fails_is_said_everywhere(product: Product) -> None:
    failing, user = product.folder / "failing", product.new_user("unlucky")
    body = {"environment": "sized", "idle_timeout": 900, "drive": "default"}
    failing.touch()
    try:
        for method, path, sent in (
            ("GET", "environments", None),
            ("POST", "preview", body),
            ("POST", "sessions", body),
        ):
            answer = product.api(method, path, sent, user=user, expect=503)
            sentence = "Tell the administrator: The function profile_list failed (KeyError)."
            assert answer.json()["error"]["message"] == sentence
        product.api("GET", "me", user=user, expect=200)
        with contextlib.closing(as_a_browser(product, user)) as browser:
            assert browser.get(product.base).status_code == 200
            assert "The function profile_list failed (KeyError)." in browser.get("/hub/spawn").text
    finally:
        failing.unlink()
    product.running(user=user)


def sizes_offered(product: Product) -> dict[str, str]:
    """Return the sizes of the environment ‘sized’ as the service offers them now."""
    items = product.api("GET", "environments", expect=200).json()["items"]
    (sized,) = [one for one in items if one["name"] == "sized"]
    sizes: dict[str, str] = sized["choices"][0]["values"]
    return sizes

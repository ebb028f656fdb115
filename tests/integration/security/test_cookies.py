"""The sign-in cookie: reads, and writes of our own page alone; with a header it counts nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
import sqlalchemy

from tests.integration.routes.cases import ACTIVITY, CASES, Key, World, label, make_asked
from tests.support.product import Product
from tests.support.signed_in import API, SignedIn

pytestmark = pytest.mark.hub5

BODY = {"environment": "python", "idle_timeout": 900, "drive": "default"}
READS = [key for key in CASES if key[0] == "GET"]
WRITES = [key for key in CASES if key[0] != "GET" and key != ACTIVITY]
# Written by the service itself while nobody asks for anything.
BY_ITSELF = {"lease", "search_index", "alembic_version"}


@pytest.fixture(scope="module")
def browser(shared_product: Product) -> Iterator[SignedIn]:
    """Give somebody who signed in at the hub and opened the page."""
    signed_in = SignedIn(shared_product, shared_product.new_user())
    yield signed_in
    signed_in.close()


@pytest.fixture
def user(browser: SignedIn) -> str:
    """Give his name."""
    return str(browser.boot["me"]["name"])


@pytest.fixture
def world(product: Product, user: str) -> World:
    """Give his running session and his drive, for every write to be about."""
    session = product.running(user=user)
    made = product.api("POST", "drives", {"name": "mine"}, user=user)
    drive = made if made.status_code == 201 else product.api("GET", "drives/mine", user=user)
    return World(product, user, user, session["id"], drive.json()["id"])


def rows_of(product: Product) -> dict[str, list[Any]]:
    """Return all that the database holds, table by table."""
    found = {}
    with product.database() as engine, engine.connect() as db:
        tables = sqlalchemy.MetaData()
        tables.reflect(db)
        for name, table in tables.tables.items():
            if not any(name.startswith(one) for one in BY_ITSELF):
                found[name] = sorted(map(repr, db.execute(sqlalchemy.select(table))))
    assert {"sessions", "drives"} <= set(found)
    return found


def refused_everywhere(
    world: World, browser: SignedIn, status: int, code: str, query: str = "", **headers: str
) -> None:
    """Send every write with these headers; each is refused and changes nothing."""
    before = rows_of(world.product)
    for key in WRITES:
        asked = make_asked(world, key, None).having(**headers)
        if query:
            asked = asked.asking(query)
        if form := FORMS.get(headers.get("Content_Type", "")):
            asked = replace(asked, content=form)
        answer = send_by(browser, asked)
        assert answer.status_code == status, (label(key), headers, answer.text)
        assert answer.json()["error"]["code"] == code, (label(key), headers)
    assert rows_of(world.product) == before


def send_by(browser: SignedIn, asked: Any) -> httpx.Response:
    """Send a request with the browser's cookies."""
    return browser.client.request(
        asked.method, asked.address, headers=asked.headers, content=asked.content
    )


def test_the_page_reads_with_its_cookie(product: Product, browser: SignedIn, user: str) -> None:
    for headers in ({}, {"Sec_Fetch_Site": "same-origin"}, {"Sec_Fetch_Site": "none"}):
        answer = browser.request("GET", "me", **headers)
        assert (answer.status_code, answer.json()["name"]) == (200, user)


def test_the_page_writes_with_its_cookie_and_its_token(
    product: Product, browser: SignedIn, user: str
) -> None:
    for headers in ({}, {"Sec_Fetch_Site": "same-origin"}):
        answer = browser.request("POST", "sessions", BODY, X_XSRFToken=browser.xsrf, **headers)
        assert answer.status_code == 201, answer.text
        assert answer.json()["owner"] == user


def test_a_write_without_the_pages_token_is_refused(world: World, browser: SignedIn) -> None:
    refused_everywhere(world, browser, 403, "xsrf")


@pytest.mark.parametrize("mode", ["websocket", "navigate", "no-cors", "cors"])
def test_a_forged_mode_does_not_stand_in_for_the_pages_token(
    world: World, browser: SignedIn, mode: str
) -> None:
    refused_everywhere(world, browser, 403, "xsrf", Sec_Fetch_Mode=mode)


FORMS = {
    "text/plain": b"name=smuggled",
    "application/x-www-form-urlencoded": b"name=smuggled",
    "multipart/form-data; boundary=x": (
        b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nsmuggled\r\n--x--\r\n'
    ),
}


@pytest.mark.parametrize("content_type", FORMS)
def test_a_form_of_another_page_changes_nothing(
    world: World, browser: SignedIn, content_type: str
) -> None:
    refused_everywhere(
        world, browser, 403, "xsrf", Content_Type=content_type, Sec_Fetch_Mode="no-cors"
    )


def test_a_token_in_the_address_counts_for_no_write(world: World, browser: SignedIn) -> None:
    token = world.product.token(world.owner)
    for mode in ("websocket", "navigate"):
        refused_everywhere(world, browser, 403, "xsrf", query=f"token={token}", Sec_Fetch_Mode=mode)


def test_the_cookie_of_a_session_is_no_sign_in_here(world: World, browser: SignedIn) -> None:
    lab = world.product.get(world.session, user=world.owner)["urls"]["lab"]
    assert browser.client.get(lab).status_code == 200
    names = {one.name: one.value for one in browser.client.cookies.jar}
    cookie = next(value for name, value in names.items() if name.startswith("jupyterhub-user-"))
    for name in ("service-sessions", "jupyterhub-services"):
        answer = world.product.client.get(f"{API}me", headers={"Cookie": f"{name}={cookie}"})
        assert answer.status_code == 401


def test_the_cookie_reports_no_activity(world: World, browser: SignedIn) -> None:
    asked = make_asked(world, ACTIVITY, None).having(X_XSRFToken=browser.xsrf)
    assert send_by(browser, asked).status_code == 401


@pytest.mark.parametrize("key", READS, ids=label)
def test_a_read_changes_no_row(world: World, browser: SignedIn, key: Key) -> None:
    # That somebody else read a session's logs is a line in its story.
    is_told = key[1].endswith("/{id}/logs")
    names = (world.owner,) if is_told else (world.owner, "admin")
    tokens = {name: world.product.token(name) for name in names}
    before = rows_of(world.product)
    for name, token in tokens.items():
        asked = make_asked(world, key, token)
        status = asked.send(world.product).status_code
        assert status == 200 or (key[1] == "metrics" and name != "admin"), label(key)
    if not key[1].endswith("events"):
        assert send_by(browser, make_asked(world, key, None)).status_code in (200, 403)
    assert rows_of(world.product) == before


@pytest.mark.parametrize("token", ["", "0" * 64, "ünïcode"])
def test_a_write_with_a_token_that_is_none_is_refused(
    product: Product, browser: SignedIn, user: str, token: str
) -> None:
    sent = token.encode("latin-1").decode("latin-1")
    answer = browser.client.post(
        f"{API}sessions", json=BODY, headers=[(b"X-XSRFToken", sent.encode("latin-1"))]
    )
    assert answer.status_code == 403


def test_a_write_with_the_token_of_somebody_elses_page_is_refused(
    product: Product, world: World, browser: SignedIn
) -> None:
    other = SignedIn(product, product.new_user())
    try:
        refused_everywhere(world, browser, 403, "xsrf", X_XSRFToken=other.xsrf)
    finally:
        other.close()


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", "nonsense"])
def test_a_write_from_another_site_is_refused_even_with_the_token(
    world: World, browser: SignedIn, site: str
) -> None:
    refused_everywhere(
        world, browser, 403, "forbidden", X_XSRFToken=browser.xsrf, Sec_Fetch_Site=site
    )


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_read_from_another_site_is_refused(
    product: Product, browser: SignedIn, site: str
) -> None:
    assert browser.request("GET", "sessions", Sec_Fetch_Site=site).status_code == 403


@pytest.mark.parametrize("header", ["token wrong", "Bearer wrong", "Basic YTpi", "nonsense", ""])
def test_with_a_bad_header_the_cookie_is_not_read(
    world: World, browser: SignedIn, header: str
) -> None:
    for key in READS:
        asked = make_asked(world, key, None).having(Authorization=header)
        assert send_by(browser, asked).status_code == 401, label(key)
    refused_everywhere(
        world, browser, 401, "not-signed-in", Authorization=header, X_XSRFToken=browser.xsrf
    )


@pytest.mark.parametrize("mode", ["websocket", "navigate", "cors"])
def test_a_token_in_the_address_is_no_sign_in(product: Product, user: str, mode: str) -> None:
    token = product.token(user)
    session = product.create(user=user)
    for path in ("me", "sessions", "events", f"sessions/{session['id']}/events"):
        address = f"{API}{path}?token={token}"
        answer = product.client.get(address, headers={"Sec-Fetch-Mode": mode})
        assert answer.status_code == 401, answer.text
    page = product.client.get(f"/services/sessions/?token={token}")
    assert page.status_code == 302
    assert "/hub/api/oauth2/authorize" in page.headers["location"]


def test_a_token_in_the_header_needs_no_token_of_the_page(product: Product, user: str) -> None:
    headers = {"Authorization": f"token {product.token(user)}", "Sec-Fetch-Site": "cross-site"}
    answer = product.client.post(f"{API}sessions", json=BODY, headers=headers)
    assert answer.status_code == 201


def test_the_sign_in_cookie_is_for_the_service_alone_and_not_for_scripts(
    product: Product, user: str
) -> None:
    with httpx.Client(base_url=product.url, follow_redirects=True) as client:
        client.get("/hub/login")
        xsrf = next(one.value for one in client.cookies.jar if one.name == "_xsrf")
        form = {"username": user, "password": product.password, "_xsrf": xsrf}
        page = client.post("/hub/login", data=form)
        callback = next(one for one in page.history if one.url.path.endswith("oauth_callback"))
        cookie = next(
            value
            for value in callback.headers.get_list("set-cookie")
            if value.startswith("service-sessions=")
        )
        assert "HttpOnly" in cookie
        assert "Path=/services/sessions/" in cookie


def test_the_page_shows_nothing_to_whoever_is_not_signed_in(product: Product) -> None:
    doors = ("open/saaaaaaaaaaa/lab", "open/saaaaaaaaaaa/port/8080")
    for path in ("", "history", "new", "s/saaaaaaaaaaa", "drives", *doors):
        answer = product.client.get(f"/services/sessions/{path}")
        assert answer.status_code == 302, path
        assert "boot" not in answer.text

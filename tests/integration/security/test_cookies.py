"""The sign-in cookie: reads, and writes of our own page alone; with a header it counts nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.product import Product
from tests.support.signed_in import API, SignedIn

pytestmark = pytest.mark.hub5

BODY = {"environment": "python", "idle_timeout": 900, "drive": "default"}
WRITES: list[tuple[str, str, Any]] = [
    ("POST", "sessions", BODY),
    ("POST", "drives", {"name": "smuggled"}),
    ("POST", "preview", BODY),
    ("PATCH", "sessions/{id}", {"version": 1, "name": "smuggled"}),
    ("POST", "sessions/{id}/stop", {}),
    ("POST", "sessions/{id}/extend", {"seconds": 600}),
    ("DELETE", "drives/{drive}?confirm=mine", None),
]


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


def refused_everywhere(
    product: Product, browser: SignedIn, user: str, status: int, **headers: str
) -> None:
    """Send every write with these headers; each is refused and changes nothing."""
    session = product.create(user=user)
    drive = product.api("POST", "drives", {"name": "mine"}, user=user)
    reference = drive.json()["id"] if drive.status_code == 201 else "mine"
    before = product.api("GET", "drives", user=user).json()["total"]
    for method, path, body in WRITES:
        address = path.replace("{id}", session["id"]).replace("{drive}", reference)
        answer = browser.request(method, address, body, **headers)
        assert answer.status_code == status, (method, path, headers, answer.text)
        assert answer.json()["error"]["code"] in ("forbidden", "not-signed-in")
    live = product.api("GET", "sessions", user=user, expect=200).json()["items"]
    assert [one["id"] for one in live] == [session["id"]]
    assert live[0]["name"] == session["name"]
    assert live[0]["state"] not in ("stopping", "stopped")
    assert product.api("GET", "drives", user=user).json()["total"] == before


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


def test_a_write_without_the_pages_token_is_refused(
    product: Product, browser: SignedIn, user: str
) -> None:
    refused_everywhere(product, browser, user, 403)


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
    product: Product, browser: SignedIn, user: str
) -> None:
    other = SignedIn(product, product.new_user())
    try:
        refused_everywhere(product, browser, user, 403, X_XSRFToken=other.xsrf)
    finally:
        other.close()


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", "nonsense"])
def test_a_write_from_another_site_is_refused_even_with_the_token(
    product: Product, browser: SignedIn, user: str, site: str
) -> None:
    refused_everywhere(product, browser, user, 403, X_XSRFToken=browser.xsrf, Sec_Fetch_Site=site)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_read_from_another_site_is_refused(
    product: Product, browser: SignedIn, site: str
) -> None:
    assert browser.request("GET", "sessions", Sec_Fetch_Site=site).status_code == 403


def test_a_form_of_another_page_is_refused(product: Product, browser: SignedIn) -> None:
    for content_type in ("text/plain", "application/x-www-form-urlencoded"):
        answer = browser.client.post(
            f"{API}sessions",
            content=b'{"environment": "python", "idle_timeout": 900, "drive": "default"}',
            headers={"Content-Type": content_type, "Sec-Fetch-Mode": "no-cors"},
        )
        assert answer.status_code == 403


@pytest.mark.parametrize("header", ["token wrong", "Bearer wrong", "Basic YTpi", "nonsense", ""])
def test_with_a_bad_header_the_cookie_is_not_read(
    product: Product, browser: SignedIn, user: str, header: str
) -> None:
    assert browser.request("GET", "me", Authorization=header).status_code == 401
    refused_everywhere(product, browser, user, 401, Authorization=header, X_XSRFToken=browser.xsrf)


@pytest.mark.parametrize("mode", ["websocket", "navigate", "cors"])
def test_a_token_in_the_address_is_no_sign_in(product: Product, user: str, mode: str) -> None:
    token = product.token(user)
    for path in ("me", "sessions", "events"):
        address = f"{API}{path}?token={token}"
        answer = product.client.get(address, headers={"Sec-Fetch-Mode": mode})
        assert answer.status_code == 401, answer.text
    page = product.client.get(f"/services/sessions/?token={token}")
    assert page.status_code == 302
    assert "/hub/api/oauth2/authorize" in page.headers["location"]


def test_a_token_in_the_address_does_not_stand_in_for_the_pages_token(
    product: Product, browser: SignedIn, user: str
) -> None:
    answer = browser.client.post(f"{API}sessions?token={product.token(user)}", json=BODY)
    assert answer.status_code == 403


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
    for path in ("", "history", "new", "s/saaaaaaaaaaa", "drives", "open/saaaaaaaaaaa/lab"):
        answer = product.client.get(f"/services/sessions/{path}")
        assert answer.status_code == 302, path
        assert "boot" not in answer.text

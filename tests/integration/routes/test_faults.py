"""Every route with all that can be wrong about a request: one shape of answer, never a 500."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from sessions_service.web.tornado_app import ROUTES
from tests.support.inside import env_of_kernel
from tests.support.product import Product

from .cases import ACTIVITY, CASES, OPERATIONS, Asked, Key, World, asker_of, label, make_asked

MOST_BYTES = 256 * 1024
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
WITHOUT_OPERATION = {"health": {"GET"}, "health/ready": {"GET"}}

# A fault: what it is called, the request, the statuses it may get, the field it is about.
Fault = tuple[str, Asked, tuple[int, ...], str | None]


def problems_of(answer: httpx.Response, statuses: tuple[int, ...], field: str | None) -> str:
    """Return what is wrong with an answer to a wrong request; nothing if it is right."""
    if answer.status_code not in statuses:
        return f"{answer.status_code} instead of {statuses}: {answer.text[:300]}"
    if answer.headers.get("content-type") != "application/json":
        return f"content type {answer.headers.get('content-type')}"
    if "Traceback" in answer.text or "sqlalchemy" in answer.text.lower():
        return f"tells of the inside: {answer.text[:300]}"
    error = answer.json().get("error", {})
    if not (error.get("code") and error.get("message") and error.get("id")):
        return f"not the one shape: {answer.text[:300]}"
    if set(error) - {"code", "message", "id", "fields", "nothing_happened"}:
        return f"more than the shape has: {sorted(error)}"
    if error.get("nothing_happened") is not True:
        return "does not say that nothing happened"
    fields = error.get("fields", {})
    if field is not None and not any(_is_about(path, field) for path in fields):
        return f"‘{field}’ is not among the fields {fields}"
    return ""


def _is_about(path: str, field: str) -> bool:
    return path == field or path.startswith(f"{field}.")


def faults_of(world: World, key: Key, token: str, strangers: str) -> Iterator[Fault]:
    """Give every fault that fits an operation."""
    asked = make_asked(world, key, token)
    is_own = key == ACTIVITY
    nobody = (403,) if is_own else (401,)
    yield "no sign-in", asked.having(Authorization=None), (401,), None
    yield "a token that is none", asked.having(Authorization="token 0123456789abcdef"), nobody, None
    yield "another scheme", asked.having(Authorization="Basic YTpi"), nobody, None
    yield "no token behind the scheme", asked.having(Authorization="token"), nobody, None
    yield (
        "a token in the address",
        asked.having(Authorization=None, Sec_Fetch_Mode="websocket").asking(f"token={token}"),
        (401,),
        None,
    )
    yield "an unknown query", asked.asking("nonsense=1"), (422,), "nonsense"
    yield "a NUL in the query", asked.asking("nonsense=%00"), (422,), "nonsense"
    if CASES[key].path is not None:
        yield from _faults_of_path(asked, world, key, token, strangers)
    if CASES[key].body is not None:
        yield from _faults_of_body(asked, key)
        yield from _faults_of_fields(asked, world, key)


def _faults_of_path(
    asked: Asked, world: World, key: Key, token: str, strangers: str
) -> Iterator[Fault]:
    is_own = key == ACTIVITY
    if not is_own:
        foreign = asked.having(Authorization=f"token {strangers}")
        yield "somebody else's", foreign, (404,), None
    nothing = (403,) if is_own else (404,)
    for name, reference in (
        ("nothing of that name", "saaaaaaaaaaa"),
        ("a NUL in the path", "sa%00aa"),
        ("a path that climbs", "..%2f..%2fetc"),
        ("a very long path", "s" * 3000),
        ("an unusual character in the path", "%F0%9F%A6%8A"),
    ):
        yield name, make_asked(world, key, token, reference=reference), nothing, None


def _faults_of_body(asked: Asked, key: Key) -> Iterator[Fault]:
    for name, content in (
        ("half a JSON", b'{"name": '),
        ("no JSON at all", b"name=x"),
        ("a key twice", b'{"name": "a", "name": "b"}'),
        ("no number of JSON", b'{"version": NaN}'),
        ("no UTF-8", b'{"name": "\xff\xfe"}'),
        ("5,000 levels", b"[" * 5000 + b"]" * 5000),
        ("60 levels", b'{"a":' * 60 + b"1" + b"}" * 60),
        ("a number of 5,000 digits", b'{"version": ' + b"9" * 5000 + b"}"),
    ):
        yield name, replace(asked, content=content), (400,), None
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "application/yaml"):
        yield content_type, asked.having(Content_Type=content_type), (415,), None
    yield "no content type", asked.having(Content_Type=None), (415,), None
    bodies: tuple[Any, ...] = ([], "text", 7, None, True)
    for body in bodies:
        yield f"{body!r} for an object", asked.sending(body), (422,), None
    large = b'{"name": "' + b"x" * MOST_BYTES + b'"}'
    yield "a large body", replace(asked, content=large), (413,), None
    unknown = CASES[key].unknown
    field = "used.0.nonsense" if unknown is not None else "nonsense"
    yield "an unknown key", asked.sending(unknown or {"nonsense": 1}), (422,), field


def _faults_of_fields(asked: Asked, world: World, key: Key) -> Iterator[Fault]:
    case = CASES[key]
    assert case.body is not None
    right = case.body(world)
    for field, values in case.wrong.items():
        top = field.partition(".")[0]
        for value in values:
            yield f"{field}={value!r:.60}", asked.sending({**right, top: value}), (422,), field


def found_wrong(
    world: World, key: Key, token: str, send: Callable[[Asked], httpx.Response]
) -> list[str]:
    """Send every fault of an operation; return what was answered wrongly."""
    strangers = world.product.token(world.stranger)
    found = []
    for name, asked, statuses, field in faults_of(world, key, token, strangers):
        problem = problems_of(send(asked), statuses, field)
        if problem:
            found.append(f"{name}: {problem}")
    return found


def test_every_operation_has_a_case_and_every_case_an_operation() -> None:
    assert set(CASES) == set(OPERATIONS)


@pytest.mark.parametrize("key", [key for key in CASES if key != ACTIVITY], ids=label)
def test_whatever_is_wrong_is_refused_in_the_one_shape(
    product: Product, world: World, key: Key
) -> None:
    token = product.token(asker_of(world, key))
    assert found_wrong(world, key, token, lambda asked: asked.send(product)) == []
    live = product.api("GET", "sessions?limit=0&owner=*", user="admin", expect=200).json()
    assert live["total"] == 0, "a refused request started a session"


def test_whatever_is_wrong_about_a_report_of_activity_is_refused_in_the_one_shape(
    product: Product, world: World
) -> None:
    session = product.running(user=world.owner)
    token = env_of_kernel(product, session)["JUPYTERHUB_API_TOKEN"]
    about = replace(world, session=session["id"])
    assert found_wrong(about, ACTIVITY, token, lambda asked: asked.send(product)) == []
    assert product.get(session["id"], user=world.owner)["state"] == "running"


@pytest.mark.parametrize("template", [route.template for route in ROUTES])
def test_a_method_that_an_address_does_not_have_is_refused(
    product: Product, world: World, template: str
) -> None:
    known = methods_of(template)
    address = template.replace("{id}", world.session).replace("{drive}", world.drive)
    for method in sorted(set(METHODS) - known):
        answer = product.client.request(
            method,
            f"/services/sessions/{address}",
            headers={"Authorization": f"token {product.token(world.owner)}"},
        )
        assert answer.status_code == 405, (method, answer.status_code, answer.text)
        assert set(answer.headers["allow"].split(", ")) == known
        if method != "HEAD":
            assert answer.json()["error"]["code"] == "method"


@pytest.mark.parametrize("template", [route.template for route in ROUTES])
def test_an_address_says_its_methods_and_a_head_is_a_get_without_a_body(
    product: Product, world: World, template: str
) -> None:
    known = methods_of(template)
    address = template.replace("{id}", world.session).replace("{drive}", world.drive)
    asked = Asked("OPTIONS", f"/services/sessions/{address}", {})
    told = asked.send(product)
    assert (told.status_code, told.content) == (204, b"")
    assert set(told.headers["allow"].split(", ")) == known
    assert "access-control-allow-origin" not in told.headers
    if "GET" in known:
        token = product.token("admin" if template == "metrics" else world.owner)
        headers = {"Authorization": f"token {token}"}
        head = replace(asked, method="HEAD", headers=headers).send(product)
        get = replace(asked, method="GET", headers=headers).send(product)
        assert (head.status_code, head.content) == (get.status_code, b"")
        assert head.headers["content-type"] == get.headers["content-type"]
        assert replace(asked, method="HEAD").send(product).status_code in (
            (200,) if template in WITHOUT_OPERATION else (401,)
        )


def methods_of(template: str) -> set[str]:
    """Return the methods that an address has."""
    own = WITHOUT_OPERATION.get(template) or {key[0] for key in OPERATIONS if key[1] == template}
    return {*own, "OPTIONS"} | ({"HEAD"} if "GET" in own else set())


@pytest.mark.parametrize("path", ["", "history", "static/app/none.js"])
def test_the_pages_addresses_have_get_and_head_alone(product: Product, path: str) -> None:
    address = f"/services/sessions/{path}"
    get, head = product.client.get(address), product.client.head(address)
    assert (head.status_code, head.content) == (get.status_code, b"")
    for method in ("POST", "PUT", "DELETE"):
        answer = product.client.request(method, address)
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    "path",
    [
        "api",
        "api/v1",
        "api/v1/",
        "api/v2/sessions",
        "api/v1/nothing",
        "api/v1/sessions/",
        "api/v1/sessions/x/y/z",
        "nothing",
        "static/nothing.js",
        "static/%2e%2e/tornado_app.py",
        "static/..%2fpage.py",
    ],
)
def test_an_address_that_is_not_there_is_a_404(product: Product, path: str) -> None:
    answer = product.client.get(
        f"/services/sessions/{path}", headers={"Authorization": f"token {product.token('anna')}"}
    )
    assert answer.status_code in (403, 404), answer.text
    assert "Traceback" not in answer.text


QUERIES: dict[str, Any] = {
    "limit": ("-1", "101", "ten", "1e1", "", "٣", "1&limit=2", "9" * 5000, "1" + "0" * 20),
    "cursor": ("garbage", "e30", "W10", "%00", "x" * 1025, "WyJhLWNyZWF0ZWRfYXQiLDEsMiwzLDQsNV0"),
    "sort": ("nothing", "", "started_at,name", "-", "--name"),
    "tab": ("all", "", "active&tab=history"),
    "state": ("sleeping", "", "running&state=nothing"),
    "q": ("x" * 257, "%00", "%1b", "a&q=b", "%ff"),
    "owner": ("x" * 257, "%00"),
    "drive": ("x" * 257, "%0a"),
    "environment": ("x" * 257, "%7f"),
    "billing_project": ("x" * 257, "%00"),
}


@pytest.mark.parametrize("name", QUERIES)
def test_a_wrong_filter_of_the_list_is_refused_by_its_name(
    product: Product, world: World, name: str
) -> None:
    token = product.token(world.owner)
    asked = make_asked(world, ("GET", "api/v1/sessions"), token)
    found = [
        f"{value:.60}: {problem}"
        for value in QUERIES[name]
        if (problem := problems_of(asked.asking(f"{name}={value}").send(product), (422,), name))
    ]
    assert found == []


def test_a_filter_that_reads_like_a_statement_or_a_pattern_is_literal_text(
    product: Product, world: World
) -> None:
    token = product.token(world.owner)
    asked = make_asked(world, ("GET", "api/v1/sessions"), token).asking("tab=history")
    for text in ("%25", "_", "' OR 1=1 --", '"; DROP TABLE sessions', "\\", "*", "NEAR(a b)"):
        answer = asked.asking(f"q={text}").send(product)
        assert answer.status_code == 200, (text, answer.text)
        assert answer.json()["items"] == [], text

"""Over real HTTP: what an operation takes is parsed strictly, the rest is refused in one shape."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

from sessions_service.db.work import DatabaseBusy
from sessions_service.hub.link import NoSettingsYet
from sessions_service.identity.may import Action
from sessions_service.identity.visitor import Visitor
from sessions_service.sessions.schemas import EmptyBody, LaunchBody, ListQuery
from sessions_service.web.errors import ApiError, Conflict, TooMany, WrongFields, wrong_fields
from sessions_service.web.handler import ApiHandler, NoSuchAddress
from sessions_service.web.operation import MOST_BODY_BYTES, operation
from sessions_service.web.routes import Route
from sessions_spawner.wire.channel import LinkDown, Refused


class Anna(ApiHandler):
    """A handler whose visitor is anna, with what the header names as scopes."""

    async def identify(self) -> None:
        scopes = self.request.headers.get("X-Scopes", "read:servers start:servers").split()
        self.visitor = Visitor("anna", frozenset(scopes))


class Lists(Anna):
    """A list and a launch, that answer what was parsed."""

    @operation("List", Action.LIST, query=ListQuery)
    async def get(self, query: ListQuery) -> Any:
        return query.model_dump(mode="json")

    @operation("Launch", Action.CREATE, body=LaunchBody, status=201)
    async def post(self, body: LaunchBody) -> Any:
        return {"environment": body.environment, "id": self.request_id}

    @operation("Nothing", Action.LIST, body=EmptyBody, body_is_optional=True)
    async def put(self, _body: EmptyBody) -> Any:
        return {}


RAISED: dict[str, BaseException] = {
    "bug": ZeroDivisionError("canary"),
    "link": LinkDown("canary"),
    "busy": DatabaseBusy("canary"),
    "settings": NoSettingsYet("canary"),
    "hub": Refused("profile_list", "Tell the administrator: it is no list."),
    "conflict": Conflict("It is in use.", code="in-use", more={"mounted_by": []}),
    "rate": TooMany("Wait a moment.", retry_after=7),
}


class Fails(Anna):
    """Raises what its address names."""

    @operation("Fail", Action.LIST)
    async def get(self, what: str) -> Any:
        raise RAISED[what]


ROUTES = [Route("lists.json", Lists), Route("fails/{what}", Fails)]


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Give a client of a server with these handlers."""
    parts = {"service": None}
    application = Application(
        [
            *((f"/{route.pattern()}", route.handler, parts) for route in ROUTES),
            (r".*", NoSuchAddress, parts),
        ],
        log_function=lambda _handler: None,
    )
    sockets = bind_sockets(0, "127.0.0.1")
    server = HTTPServer(application, max_body_size=4 * MOST_BODY_BYTES)
    server.add_sockets(sockets)
    address = f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
    async with httpx.AsyncClient(base_url=address) as client:
        yield client
    server.stop()
    await server.close_all_connections()


def error_of(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Return the error of an answer, checked for its shape."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    body = answer.json()
    assert set(body) == {"error"}
    error: dict[str, Any] = body["error"]
    assert error["code"] == code
    assert error["id"]
    assert error["message"].endswith(".")
    assert "canary" not in answer.text
    assert "Traceback" not in answer.text
    return error


# Queries


async def test_a_query_is_read_with_its_defaults(client: httpx.AsyncClient) -> None:
    answer = await client.get("/lists.json", params={"owner": ["anna", "böb"], "limit": "5"})
    assert answer.status_code == 200
    body = answer.json()
    assert (body["owner"], body["limit"], body["tab"]) == (["anna", "böb"], 5, "active")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("nonsense=1", "nonsense"),
        ("limit=5&nonsense=", "nonsense"),
        ("token=abc", "token"),
        ("limit=5&limit=6", "limit"),
        ("q=a&q=b", "q"),
        ("limit=101", "limit"),
        (f"limit={'9' * 5000}", "limit"),
        ("limit=-1", "limit"),
        ("limit=", "limit"),
        ("limit=1.0", "limit"),
        ("limit=1e1", "limit"),
        ("limit=%2B5", "limit"),
        ("limit=%D9%A5", "limit"),
        ("limit=true", "limit"),
        (f"limit={'9' * 50}", "limit"),
        ("tab=everything", "tab"),
        ("state=asleep", "state.0"),
        ("state=running&state=asleep", "state.1"),
        ("sort=password", "sort"),
        ("q=%00", "q"),
        ("q=a%0Ab", "q"),
        ("q=%1B[31m", "q"),
        ("q=%7F", "q"),
        ("q=%FF", "q"),
        ("q=%ED%A0%80", "q"),
        (f"q={'x' * 257}", "q"),
        (f"owner=anna&owner={'x' * 257}", "owner.1"),
        (f"cursor={'x' * 1025}", "cursor"),
    ],
)
async def test_a_wrong_query_parameter_is_named(
    client: httpx.AsyncClient, query: str, field: str
) -> None:
    error = error_of(await client.get(f"/lists.json?{query}"), 422, "fields")
    assert field in error["fields"]
    assert error["message"] == f"{field}: {error['fields'][field]}"


async def test_an_operation_without_query_takes_none(client: httpx.AsyncClient) -> None:
    error = error_of(await client.get("/fails/bug?x=1"), 422, "fields")
    assert error["fields"] == {"x": "There is no such query parameter; leave it out."}


# Bodies

GOOD = {"environment": "python", "idle_timeout": 900, "drive": "default"}


async def send(
    client: httpx.AsyncClient, body: bytes | str, content_type: str | None = "application/json"
) -> httpx.Response:
    """Post a body as it is."""
    headers = {} if content_type is None else {"Content-Type": content_type}
    return await client.post("/lists.json", content=body, headers=headers)


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8"],
)
async def test_a_body_is_read(client: httpx.AsyncClient, content_type: str) -> None:
    answer = await send(client, json.dumps({**GOOD, "name": "ä🚀"}), content_type)
    assert answer.status_code == 201
    assert answer.json()["environment"] == "python"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{'a': 1}",
        b'{"a": 1,}',
        b'{"a": 1} x',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b'{"a": 1, "a": 2}',
        b'{"a": {"b": 1, "b": 1}}',
        b'{"a": "\xff"}',
        b'{"a": "\xed\xa0\x80"}',
        b'{"a": "a\nb"}',
        b'{"a": 01}',
        b'\xef\xbb\xbf{"a": 1}',
        json.dumps(GOOD).encode("utf-16"),
        json.dumps(GOOD).encode("utf-16-le"),
        b"[" * 41 + b"]" * 41,
        b'{"a":' * 50 + b"1" + b"}" * 50,
        b"[" * 100_000,
        b'{"a":' + b"9" * 5000 + b"}",
        b"undefined",
    ],
    ids=range(22),
)
async def test_what_is_no_json_is_a_400(client: httpx.AsyncClient, body: bytes) -> None:
    error_of(await send(client, body), 400, "not-json")


@pytest.mark.parametrize("body", [b"null", b"5", b'"x"', b"[]", b"true", b'[{"environment":"a"}]'])
async def test_json_that_is_no_object_is_refused_as_a_whole(
    client: httpx.AsyncClient, body: bytes
) -> None:
    error = error_of(await send(client, body), 422, "fields")
    assert error["fields"] == {"": "Use an object."}
    assert error["message"] == "Use an object."


@pytest.mark.parametrize(
    ("different", "field"),
    [
        ({"idle_timeout": "900"}, "idle_timeout"),
        ({"idle_timeout": 1e999}, "idle_timeout"),
        ({"nonsense": 1}, "nonsense"),
        ({"\ud800": 1}, ""),
        ({"name": "\ud800"}, "name"),
        ({"name": "\x00"}, "name"),
        ({"ports": [{"number": 1}, {"number": True}]}, "ports.1.number"),
        ({"__proto__": {}}, "__proto__"),
    ],
)
async def test_a_wrong_field_is_named_by_its_path(
    client: httpx.AsyncClient, different: dict[str, Any], field: str
) -> None:
    body = json.dumps({**GOOD, **different}).replace("Infinity", "1e999")
    error = error_of(await send(client, body), 422, "fields")
    assert field in error["fields"]


@pytest.mark.parametrize("missing", GOOD)
async def test_what_has_to_be_named_over_rest_is_named(
    client: httpx.AsyncClient, missing: str
) -> None:
    body = {key: value for key, value in GOOD.items() if key != missing}
    error = error_of(await send(client, json.dumps(body)), 422, "fields")
    assert error["fields"] == {missing: "This field is required."}


@pytest.mark.parametrize(
    "content_type",
    [None, "", "text/plain", "application/x-www-form-urlencoded",
     "application/jsonp", "text/plain; application/json"],
)  # fmt: skip
async def test_another_content_type_is_a_415(
    client: httpx.AsyncClient, content_type: str | None
) -> None:
    error_of(await send(client, json.dumps(GOOD), content_type), 415, "content-type")


async def test_a_body_above_the_limit_is_a_413(client: httpx.AsyncClient) -> None:
    fits = json.dumps({**GOOD, "pad": "x" * (MOST_BODY_BYTES - 200)})
    assert (await send(client, fits)).status_code == 422
    error_of(await send(client, b" " * (MOST_BODY_BYTES + 1)), 413, "too-large")


async def test_an_optional_body_may_be_left_out_and_is_still_checked(
    client: httpx.AsyncClient,
) -> None:
    assert (await client.put("/lists.json")).status_code == 200
    assert (await client.put("/lists.json", json={})).status_code == 200
    error_of(await client.put("/lists.json", json={"x": 1}), 422, "fields")
    error_of(await client.put("/lists.json", content="{}"), 415, "content-type")


# Who may, and what goes wrong


async def test_a_visitor_without_the_scope_is_refused_before_his_body_is_read(
    client: httpx.AsyncClient,
) -> None:
    headers = {"X-Scopes": "read:servers", "Content-Type": "application/json"}
    error_of(await client.post("/lists.json", content="{", headers=headers), 403, "forbidden")


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "TRACE", "PROPFIND"])
async def test_another_method_is_a_405(client: httpx.AsyncClient, method: str) -> None:
    error_of(await client.request(method, "/lists.json"), 405, "method")


@pytest.mark.parametrize("path", ["/nowhere", "/listsXjson", "/lists.json/", "/fails/", "/"])
async def test_another_address_is_a_404(client: httpx.AsyncClient, path: str) -> None:
    error_of(await client.get(path), 404, "not-found")


@pytest.mark.parametrize(
    ("what", "status", "code"),
    [
        ("bug", 500, "internal"),
        ("link", 503, "away"),
        ("busy", 503, "away"),
        ("settings", 503, "away"),
        ("hub", 503, "away"),
        ("conflict", 409, "in-use"),
        ("rate", 429, "rate"),
    ],
)
async def test_what_goes_wrong_is_told_without_inner_detail(
    client: httpx.AsyncClient, what: str, status: int, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await client.get(f"/fails/{what}")
    error = error_of(answer, status, code)
    if what == "bug":
        assert error["message"] == f"Something on our side failed (id {error['id']})."
        assert f"id={error['id']}" in caplog.text
        assert "ZeroDivisionError" in caplog.text
    assert ("Retry-After" in answer.headers) == (status in (429, 503))
    if what == "conflict":
        assert error["mounted_by"] == []
    if what == "hub":
        assert error["message"] == "Tell the administrator: it is no list."


# Errors as data


def test_every_error_has_its_own_status_and_code() -> None:
    kinds = ApiError.__subclasses__()
    assert {kind.status for kind in kinds} == {
        400,
        401,
        403,
        404,
        405,
        409,
        413,
        415,
        422,
        429,
        503,
    }
    assert len({kind.code for kind in kinds}) == len(kinds)


def test_an_errors_message_names_its_first_field() -> None:
    error = wrong_fields({"ports.1.number": "Use 1 or more.", "drive": "Use a text."})
    assert isinstance(error, WrongFields)
    assert error.to_json("42") == {
        "error": {
            "code": "fields",
            "message": "ports.1.number: Use 1 or more.",
            "id": "42",
            "fields": {"ports.1.number": "Use 1 or more.", "drive": "Use a text."},
            "nothing_happened": True,
        }
    }
    assert wrong_fields({"": "Use an object."}).message == "Use an object."

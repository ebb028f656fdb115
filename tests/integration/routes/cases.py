"""How each operation of the service is asked: one case each, a new route needs one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

from sessions_service.web.operation import Operation
from sessions_service.web.tornado_app import ROUTES
from tests.support.product import Product

Key = tuple[str, str]
LAUNCH = {"environment": "python", "idle_timeout": 900, "drive": "default"}
ACTIVITY: Key = ("PUT", "api/v1/sessions/{id}/activity")
# Of an administrator of sessions; only a hub with claims has something to adopt.
ADOPT: Key = ("POST", "api/v1/admin/drives")
OPERATIONS: dict[Key, Operation] = {
    (method, route.template): operation
    for route in ROUTES
    for method, operation in route.operations().items()
}


@dataclass(frozen=True)
class World:
    """What the cases are about: an owner with an ended session and drives, and a stranger.

    `tutor` administers a group that the owner is in.
    """

    product: Product
    owner: str
    stranger: str
    session: str
    drive: str
    tutor: str = ""

    def restored(self) -> str:
        """Return the reference of a drive that was deleted a moment ago."""
        return self.deleted(self.new_drive())

    def deleted(self, drive: str) -> str:
        """Delete a drive and return its id."""
        shown = self.call("GET", f"drives/{drive}")
        self.call("DELETE", f"drives/{drive}?confirm={shown['name']}")
        return drive

    def new_drive(self) -> str:
        """Make a drive and return its id; there are never more than the limit."""
        for one in self.call("GET", "drives")["items"]:
            if one["name"].startswith("walked"):
                self.call("DELETE", f"drives/{one['id']}?confirm={one['name']}")
        name = f"walked-{self.product.new_user('n')}"
        drive: str = self.call("POST", "drives", {"name": name})["id"]
        return drive

    def live(self) -> str:
        """Start a session and return its id."""
        return str(self.call("POST", "sessions", LAUNCH)["id"])

    def version(self) -> int:
        """Return the version of the ended session."""
        return int(self.call("GET", f"sessions/{self.session}")["version"])

    def call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """Call the API as the owner; it has to succeed."""
        answer = self.product.api(method, path, body, user=self.owner)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found


@dataclass(frozen=True)
class Case:
    """How an operation succeeds, and what is wrong for it.

    `path` gives what stands for `{id}` or `{drive}`; `ready` does so where success needs
    something made for it. `wrong` maps a field's path to bodies that differ from `body` in it.
    """

    body: Callable[[World], Any] | None = None
    path: Callable[[World], str] | None = None
    ready: Callable[[World], str] | None = None
    query: Callable[[World, str], str] = lambda _world, _reference: ""
    wrong: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    unknown: Any = None


def _session(world: World) -> str:
    return world.session


def _drive(world: World) -> str:
    return world.drive


def _confirmed(world: World, drive: str) -> str:
    shown = world.product.api("GET", f"drives/{drive}", user=world.owner).json()
    return f"confirm={shown.get('name', '')}"


_NO_TEXT: tuple[Any, ...] = (7, True, [], {}, "a\x00b", "a\x1bb")
_NO_NUMBER: tuple[Any, ...] = ("900", 900.5, True, None, [], {})
_LAUNCH_WRONG: dict[str, tuple[Any, ...]] = {
    "name": (*_NO_TEXT, "x" * 41, "\ud800"),
    "environment": (*_NO_TEXT, None, "", "no such", "../python"),
    "idle_timeout": (*_NO_NUMBER, 59, -2, 10**30),
    "drive": (*_NO_TEXT, None, "", "../other", "UPPER", "nobody-has-it"),
    "env": (
        [],
        "A=1",
        {"A": 1},
        {"1A": "x"},
        {"A": "a\x00b"},
        {"PATH": "/tmp"},
        {"LD_PRELOAD": ""},
    ),
    "choices": ([], {"size": 7}, {"no-such": "large"}, {"size": {"unlisted": 7}}),
    "resources": ([], "4Gi", {"cpu": 1}, {"cpu": "-1"}, {"memory": "1 apple"}, {"gpu": "1"}),
    "image": (7, "not an image", "registry.example.org/team/image:1"),
    "extra_drives": ({}, "data", [{"drive": "default"}], [{"drive": "x", "path": "../.."}]),
    "ports": ({}, [{"number": 0}], [{"number": 70000}], [{"number": "80"}], [{"number": 8080}]),
    "secrets": ({}, [{"name": "UPPER"}], [{"name": "key", "as": "root"}], [{"name": "key"}]),
    "cloud_sql": ({}, [{"instance": "x"}]),
    "visibility": ("everyone", {"level": "all"}, {"level": "everyone"}),
    "collaborative": ("true", 1, True),
    "max_lifetime": ("3600", 1, 10**9),
    "service_account": (7, "UPPER", "robot"),
    "billing_project": (7, "a\x00b", "team"),
    "pod_overrides": (7, "a\x00b", "spec: {}"),
    "pod_spec": ({}, "spec: {}"),
    "cloned_from": (7, "a\x00b", "x" * 257),
}

CASES: dict[Key, Case] = {
    ("GET", "api/v1/sessions"): Case(),
    ("POST", "api/v1/sessions"): Case(body=lambda _world: LAUNCH, wrong=_LAUNCH_WRONG),
    ("GET", "api/v1/sessions/{id}"): Case(path=_session),
    ("PATCH", "api/v1/sessions/{id}"): Case(
        path=_session,
        body=lambda world: {"version": world.version(), "name": "walked"},
        wrong={
            "version": (*_NO_NUMBER, 0, -1),
            "name": (*_NO_TEXT, "x" * 41),
            "idle_timeout": ("900", 1, True, 10**30),
            "max_lifetime": ("900", 1, True, 10**30),
        },
    ),
    ("POST", "api/v1/sessions/{id}/stop"): Case(
        path=_session,
        ready=World.live,
        body=lambda _world: {"reason": "walked by"},
        wrong={"reason": (*_NO_TEXT, "x" * 201)},
    ),
    ("POST", "api/v1/sessions/{id}/restart"): Case(path=_session, body=lambda _world: {}),
    ("POST", "api/v1/sessions/{id}/extend"): Case(
        path=_session,
        ready=World.live,
        body=lambda _world: {"seconds": 600},
        wrong={"seconds": ("600", 600.5, True, [], 59, 10**30)},
    ),
    ("GET", "api/v1/sessions/{id}/clone"): Case(path=_session),
    ("GET", "api/v1/sessions/{id}/chronicle"): Case(path=_session),
    ("GET", "api/v1/sessions/{id}/logs"): Case(path=_session),
    ACTIVITY: Case(
        path=_session,
        body=lambda _world: {
            "used": [{"kind": "lab"}],
            "memory": {"kills": 0, "from a newer session": True},
            "from a newer session": True,
        },
        unknown={"used": [{"kind": "lab", "nonsense": 1}]},
        wrong={
            "used": (None, 7, {}, ["lab"], [{"kind": "lab"}] * 33),
            "used.0.kind": ([{"kind": "toaster"}], [{"kind": 7}], [{}]),
            "used.0.at": (
                [{"kind": "lab", "at": "yesterday"}],
                [{"kind": "lab", "at": "2026-01-01T00:00:00"}],
                [{"kind": "lab", "at": 1e300}],
            ),
            "used.0.busy": ([{"kind": "lab", "busy": "yes"}], [{"kind": "lab", "busy": 1}]),
            "used.0.sentence": (
                [{"kind": "lab", "sentence": "x" * 201}],
                [{"kind": "lab", "sentence": "a\x1b[2Jb"}],
            ),
            "memory": (7, [], "many"),
            "memory.kills": ({}, {"kills": "1"}, {"kills": -1}, {"kills": True}, {"kills": 2**60}),
            "memory.kernels": ({"kills": 1, "kernels": "a"}, {"kills": 1, "kernels": ["a"] * 4}),
            "memory.kernels.0": (
                {"kills": 1, "kernels": ["x" * 81]},
                {"kills": 1, "kernels": ["a\x1b[2Jb"]},
                {"kills": 1, "kernels": [7]},
            ),
        },
    ),
    ("GET", "api/v1/events"): Case(),
    ("GET", "api/v1/sessions/{id}/events"): Case(path=_session),
    ("GET", "api/v1/sessions/{id}/pod-spec"): Case(path=_session),
    ("GET", "api/v1/environments"): Case(),
    ("GET", "api/v1/secrets"): Case(),
    ("GET", "api/v1/service-accounts"): Case(),
    ("GET", "api/v1/cloud-sql"): Case(),
    ("GET", "api/v1/billing-projects"): Case(),
    ("GET", "api/v1/limits"): Case(),
    ("GET", "api/v1/me"): Case(),
    ("GET", "api/v1/drives"): Case(),
    ("POST", "api/v1/drives"): Case(
        body=lambda world: {"name": f"walked-{world.product.new_user('n')}"},
        wrong={
            "name": (*_NO_TEXT, "", "UPPER", "-x", "x-", "x" * 41, "../x", "a b"),
            "size": (*_NO_TEXT, "", "-1", "0", "1 apple", "1Gi"),
            "storage_class": (*_NO_TEXT, "", "x" * 254, "fast"),
        },
    ),
    ("GET", "api/v1/drives/options"): Case(),
    ADOPT: Case(
        body=lambda world: {"owner": world.owner, "name": "old", "claim": "claim-old"},
        wrong={
            "owner": (*_NO_TEXT, "", "x" * 257, "nobody-at-all"),
            "name": (*_NO_TEXT, "", "UPPER", "x" * 41),
            "claim": (*_NO_TEXT, "", "UPPER", "../x", "claim-old"),
        },
    ),
    ("GET", "api/v1/drives/{drive}"): Case(path=_drive),
    ("PATCH", "api/v1/drives/{drive}"): Case(
        path=_drive,
        ready=World.new_drive,
        body=lambda world: {"name": f"walked-{world.product.new_user('n')}"},
        wrong={"name": (*_NO_TEXT, "", "UPPER", "x" * 41), "size": (*_NO_TEXT, "0", "9Gi")},
    ),
    ("DELETE", "api/v1/drives/{drive}"): Case(path=_drive, ready=World.new_drive, query=_confirmed),
    ("POST", "api/v1/drives/{drive}/restore"): Case(
        path=_drive, ready=World.restored, body=lambda _world: {}
    ),
    # Wrong values are what it is asked about: only what is no launch request at all is refused.
    ("POST", "api/v1/preview"): Case(body=lambda _world: LAUNCH),
    ("GET", "api/v1/pod-schema"): Case(),
    ("GET", "metrics"): Case(),
    ("GET", "api/v1/openapi.json"): Case(),
    ("GET", "api/v1/docs"): Case(),
}


def asker_of(world: World, key: Key) -> str:
    """Return who asks, so that it may: mostly whoever owns the things."""
    return {("GET", "metrics"): "admin", ADOPT: "keeper"}.get(key, world.owner)


@dataclass(frozen=True)
class Asked:
    """One HTTP request, as the tests bend it."""

    method: str
    address: str
    headers: Mapping[str, str]
    content: bytes | None = None

    def having(self, **headers: str | None) -> Asked:
        """Return the request with other headers; None leaves one out, `_` stands for `-`."""
        changed = {name.replace("_", "-"): value for name, value in headers.items()}
        merged = {**self.headers, **changed}
        return replace(self, headers={name: one for name, one in merged.items() if one is not None})

    def asking(self, query: str) -> Asked:
        """Return the request with one more query parameter."""
        return replace(self, address=f"{self.address}{'&' if '?' in self.address else '?'}{query}")

    def sending(self, body: Any) -> Asked:
        """Return the request with a body as JSON."""
        return replace(self, content=json.dumps(body).encode())

    def send(self, product: Product) -> httpx.Response:
        """Send it; of a stream only the beginning is read."""
        with product.client.stream(
            self.method, self.address, headers=self.headers, content=self.content
        ) as answer:
            is_stream = answer.headers.get("content-type", "").startswith("text/event-stream")
            if not is_stream or self.method == "HEAD":
                answer.read()
        return answer


def make_asked(world: World, key: Key, token: str | None, *, reference: str | None = None) -> Asked:
    """Return the request of a case; about the owner's ended session or drive unless named."""
    method, template = key
    case = CASES[key]
    about = reference or (case.path(world) if case.path else "")
    address = template.replace("{id}", about).replace("{drive}", about)
    query = case.query(world, about)
    headers = {} if token is None else {"Authorization": f"token {token}"}
    asked = Asked(method, f"/services/sessions/{address}", headers)
    if query:
        asked = asked.asking(query)
    if case.body is not None:
        asked = asked.having(Content_Type="application/json").sending(case.body(world))
    return asked


def label(key: Key) -> str:
    """Return the name of an operation in a test's name."""
    return f"{key[0]} {key[1].removeprefix('api/v1/')}"

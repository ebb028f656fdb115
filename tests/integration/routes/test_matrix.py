"""Who may do what: each operation asked by each role, and the table that says what they get."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sessions_service.identity.may import Action, is_hidden, may, may_at_all
from sessions_service.identity.visitor import make_visitor
from tests.support.inside import env_of_kernel
from tests.support.product import Product
from tests.support.waiting import wait_for

from .cases import ACTIVITY, CASES, OPERATIONS, Key, World, label, make_asked

READER = "reader-" + "1" * 40  # the service in the shared product's settings
ACCESS = "access:services!service=sessions"

# US the owner, OT another user, GA an administrator of a group that the owner is in, AD an
# administrator, RO the owner's token with read scopes alone, SV another service's token with
# `read:servers`. An operation on something of the owner's answers: 0 as it should, 403 not allowed,
# 404 as if it were not there.
TABLE: dict[Action, dict[str, int]] = {
    Action.LOOK: {"US": 0, "OT": 0, "GA": 0, "AD": 0, "RO": 0, "SV": 403},
    Action.READ_DOCUMENTS: {"US": 0, "OT": 0, "GA": 0, "AD": 0, "RO": 0, "SV": 0},
    Action.LIST: {"US": 0, "OT": 0, "GA": 0, "AD": 0, "RO": 0, "SV": 0},
    Action.READ: {"US": 0, "OT": 404, "GA": 0, "AD": 0, "RO": 0, "SV": 0},
    Action.READ_STORY: {"US": 0, "OT": 404, "GA": 0, "AD": 0, "RO": 0, "SV": 404},
    Action.READ_LOGS: {"US": 0, "OT": 404, "GA": 403, "AD": 0, "RO": 0, "SV": 404},
    Action.CREATE: {"US": 0, "OT": 0, "GA": 0, "AD": 0, "RO": 403, "SV": 403},
    Action.CLONE: {"US": 0, "OT": 404, "GA": 0, "AD": 0, "RO": 0, "SV": 404},
    Action.EDIT: {"US": 0, "OT": 404, "GA": 403, "AD": 0, "RO": 403, "SV": 403},
    Action.EXTEND: {"US": 0, "OT": 404, "GA": 403, "AD": 0, "RO": 403, "SV": 403},
    Action.STOP: {"US": 0, "OT": 404, "GA": 0, "AD": 0, "RO": 403, "SV": 403},
    Action.RESTART: {"US": 0, "OT": 404, "GA": 403, "AD": 0, "RO": 403, "SV": 403},
    Action.READ_DRIVES: {"US": 0, "OT": 404, "GA": 0, "AD": 0, "RO": 0, "SV": 0},
    Action.CHANGE_DRIVES: {"US": 0, "OT": 404, "GA": 403, "AD": 0, "RO": 403, "SV": 403},
    Action.DELETE_DRIVES: {"US": 0, "OT": 404, "GA": 404, "AD": 0, "RO": 403, "SV": 403},
    Action.ADOPT_DRIVES: {"US": 403, "OT": 403, "GA": 403, "AD": 403, "RO": 403, "SV": 403},
    Action.READ_METRICS: {"US": 403, "OT": 403, "GA": 403, "AD": 0, "RO": 403, "SV": 403},
    Action.REPORT_ACTIVITY: {"US": 403, "OT": 403, "GA": 403, "AD": 403, "RO": 403, "SV": 403},
}
ROLES = ("US", "OT", "GA", "AD", "RO", "SV")
# About nobody's session or drive.
WITHOUT_OWNER = {
    Action.LOOK, Action.READ_DOCUMENTS, Action.LIST, Action.CREATE, Action.ADOPT_DRIVES,
    Action.READ_METRICS,
}  # fmt: skip
# Asked for by no address of its own.
WITHOUT_ADDRESS = {Action.ANYTHING, Action.RENAME}
# Decided by more than the hub's scopes: by whose the drive is.
BEYOND_SCOPES = {Action.CHANGE_DRIVES, Action.DELETE_DRIVES, Action.REPORT_ACTIVITY}


def token_of(world: World, role: str) -> str:
    """Return the token that a role asks with."""
    product, owner = world.product, world.owner
    reads = (ACCESS, f"read:servers!user={owner}", f"read:users:name!user={owner}")
    return {
        "US": lambda: product.token(owner),
        "OT": lambda: product.token(world.stranger),
        "GA": lambda: product.token(world.tutor),
        "AD": lambda: product.token("admin"),
        "RO": lambda: product.token(owner, *reads),
        "SV": lambda: READER,
    }[role]()


def ask(world: World, key: Key, token: str) -> int:
    """Return the status that an operation answers; about the owner's own things."""
    case = CASES[key]
    is_about_drive = "{drive}" in key[1]
    reference = case.ready(world) if case.ready and is_about_drive else None
    return make_asked(world, key, token, reference=reference).send(world.product).status_code


@pytest.fixture(scope="module")
def over(shared_product: Product, world: World) -> dict[str, str]:
    """Give tokens that count no more: revoked, expired, and of a user who is gone."""
    product, gone = shared_product, shared_product.new_user("gone")
    made = [
        product.hub("POST", f"users/{name}/tokens", body).json()
        for name, body in ((world.owner, {}), (world.owner, {"expires_in": 5}), (gone, {}))
    ]
    # Each of them has been let in, and is remembered for some seconds.
    for one in made:
        product.api("GET", "me", token=one["token"], expect=200)
    product.hub("DELETE", f"users/{world.owner}/tokens/{made[0]['id']}")
    product.hub("DELETE", f"users/{gone}")
    tokens = dict(zip(("revoked", "expired", "gone"), [one["token"] for one in made], strict=True))

    def are_out() -> bool:
        answers = [product.api("GET", "me", token=token) for token in tokens.values()]
        return all(answer.status_code == 401 for answer in answers)

    wait_for(are_out, seconds=12, every=0.2, what="the tokens to be out")
    return tokens


def test_every_action_has_a_row_and_every_address_an_action_of_the_table() -> None:
    assert set(TABLE) == set(Action) - WITHOUT_ADDRESS
    assert {operation.needs for operation in OPERATIONS.values()} == set(TABLE)
    assert all(set(row) == set(ROLES) for row in TABLE.values())


@pytest.mark.parametrize("role", ROLES)
def test_the_policy_says_what_the_table_says(product: Product, world: World, role: str) -> None:
    token = token_of(world, role)
    visitor = make_visitor(product.hub("GET", "user", token=token).json(), by_token=True)
    visitor = replace(visitor, members=(("class", frozenset({f"{world.owner}@made"})),))
    for action in set(TABLE) - BEYOND_SCOPES:
        expected = TABLE[action][role]
        if not may_at_all(visitor, action):
            found = 403
        elif action in WITHOUT_OWNER:
            found = 0
        elif not may(visitor, Action.READ, world.owner) or is_hidden(visitor, action):
            found = 404
        else:
            found = 0 if may(visitor, action, world.owner) else 403
        assert found == expected, (action, role)


@pytest.mark.parametrize("key", CASES, ids=label)
def test_everybody_gets_what_the_table_says(product: Product, world: World, key: Key) -> None:
    row = TABLE[OPERATIONS[key].needs]
    is_own = CASES[key].path is None  # a list, or something new: the asker's own
    for role in ROLES:
        expected = row[role]
        if is_own and (expected == 404 or (role == "GA" and row["US"] == 0)):
            expected = 0
        status = ask(world, key, token_of(world, role))
        if expected:
            assert status == expected, role
        else:
            # An ended session cannot be kept running: that is no question of rights.
            assert status < 300 or status == 409, (role, status)


@pytest.mark.parametrize("key", CASES, ids=label)
def test_nobody_gets_in_without_a_sign_in_or_the_scope_for_the_service(
    product: Product, world: World, over: dict[str, str], key: Key
) -> None:
    owner = world.owner
    expected = 403 if key == ACTIVITY else 401
    assert make_asked(world, key, None).send(product).status_code == 401
    for token in over.values():
        assert ask(world, key, token) == expected
    without = product.token(owner, f"servers!user={owner}", f"read:users:name!user={owner}")
    assert ask(world, key, without) == 403


def test_a_sessions_own_token_opens_no_address_but_its_own_activity(
    product: Product, world: World
) -> None:
    for user in (world.owner, "admin"):
        session = product.running(user=user)
        other = product.running(user=user)
        token = env_of_kernel(product, session)["JUPYTERHUB_API_TOKEN"]
        about = replace(world, owner=user, session=other["id"])
        answers = {label(key): ask(about, key, token) for key in CASES}
        assert set(answers.values()) == {403}, answers
        ready = product.client.get(
            "/services/sessions/health/ready", headers={"Authorization": f"token {token}"}
        )
        assert ready.status_code == 403
        assert ask(replace(world, session=session["id"]), ACTIVITY, token) == 200


def test_an_administrators_token_with_read_scopes_is_no_administrators_token(
    product: Product, world: World
) -> None:
    reads = (ACCESS, "read:servers", "read:users:name")
    token = product.token("admin", *reads)
    me = product.api("GET", "me", token=token, expect=200).json()
    assert (me["name"], me["admin"]) == ("admin", False)
    assert ask(world, ("GET", "api/v1/sessions/{id}"), token) == 200
    looks = {action for action in TABLE if TABLE[action]["RO"] == 0}
    for key in CASES:
        expected = 200 if OPERATIONS[key].needs in looks else 403
        assert ask(world, key, token) == expected, label(key)


@pytest.mark.parametrize("role", ["OT", "AD", "SV"])
def test_values_of_variables_are_shown_to_their_owner_alone(
    product: Product, world: World, role: str
) -> None:
    session = product.create(user=world.owner, env={"KEY": "canary-of-a-variable"})
    about = replace(world, session=session["id"])
    token = token_of(world, role)
    for key in CASES:
        if key[0] == "GET":
            assert "canary-of-a-variable" not in make_text(about, key, token), label(key)
    shown = product.get(session["id"], user=world.owner)
    assert shown["env"] == {"KEY": "canary-of-a-variable"}


def make_text(world: World, key: Key, token: str) -> str:
    """Return what an operation answers, of a stream its beginning."""
    asked = make_asked(world, key, token)
    with world.product.client.stream(asked.method, asked.address, headers=asked.headers) as answer:
        if answer.headers.get("content-type", "").startswith("text/event-stream"):
            return next(answer.iter_text(), "")
        return answer.read().decode()


def test_a_service_reads_metrics_by_its_scope_and_nothing_else_by_that(
    product: Product, world: World
) -> None:
    token = "scraper-" + "1" * 40  # of the shared product's settings
    assert ask(world, ("GET", "metrics"), token) == 200
    allowed = (Action.READ_METRICS, Action.READ_DOCUMENTS)
    for key in CASES:
        if OPERATIONS[key].needs not in allowed:
            assert ask(world, key, token) == 403, label(key)

"""What a visitor may do follows from his scopes alone, over exactly those whom they reach."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_service.identity.may import NEEDS, Action, is_hidden, may, may_at_all
from sessions_service.identity.scopes import Reach, has_access, reach_of
from sessions_service.identity.visitor import Visitor, make_visitor

ACCESS = "access:services!service=sessions"
OWN = ("read:servers!user=anna", "start:servers!user=anna", "delete:servers!user=anna")


def a_visitor(*scopes: str, name: str = "anna", service: bool = False) -> Visitor:
    """Return a visitor with these scopes."""
    return Visitor(name, frozenset(scopes), is_service=service)


# Scopes


@pytest.mark.parametrize(
    ("scopes", "reach"),
    [
        (["read:servers"], Reach(everybody=True)),
        (["read:servers!user=anna"], Reach(users=frozenset({"anna"}))),
        (["read:servers!user=anna", "read:servers!user=bob"],
         Reach(users=frozenset({"anna", "bob"}))),
        (["read:servers!group=class"], Reach(groups=frozenset({"class"}))),
        (["read:servers!group=a=b!c"], Reach(groups=frozenset({"a=b!c"}))),
        # One server is what a session or a guest has.
        (["read:servers!server=anna/s1"], Reach()),
        (["read:servers!service=x"], Reach()),
        (["read:servers!user="], Reach()),
        (["read:servers!group="], Reach()),
        (["read:servers!user"], Reach()),
        (["read:servers!"], Reach()),
        (["servers"], Reach()),
        (["read:server"], Reach()),
        (["read:servers:names"], Reach()),
        (["delete:servers"], Reach()),
        ([], Reach()),
    ],
)  # fmt: skip
def test_a_scope_reaches_whom_its_filter_says(scopes: list[str], reach: Reach) -> None:
    assert reach_of(scopes, "read:servers") == reach


def test_on_hubs_before_6_the_scope_servers_starts() -> None:
    assert reach_of(["servers!user=anna"], "start:servers").covers("anna")
    assert reach_of(["servers"], "start:servers").everybody
    assert not reach_of(["servers"], "delete:servers")
    assert not reach_of(["start:servers"], "servers")


def test_a_reach_covers_its_users_and_its_groups_members() -> None:
    reach = Reach(users=frozenset({"anna"}), groups=frozenset({"class"}))
    known = reach.with_members({"class": frozenset({"bob@2026"}), "x": frozenset({"eve@2026"})})
    assert known.names == {"anna", "bob"}
    assert known.covers("bob")
    assert not reach.covers("bob")
    assert not known.covers("eve")
    assert not known.covers("class")
    assert not Reach().covers("")
    assert Reach(everybody=True).covers("anyone")


SCOPE = st.builds(
    "{}{}".format,
    st.sampled_from(["read:servers", "servers", "delete:servers", "start:servers"]),
    st.sampled_from(["", "!user=anna", "!user=bob", "!group=g", "!server=anna/x", "!", "!user="]),
)


@given(st.lists(SCOPE, max_size=6), st.sampled_from(["read:servers", "start:servers"]))
def test_more_scopes_never_reach_less_and_narrow_ones_never_everybody(
    scopes: list[str], wanted: str
) -> None:
    whole = reach_of(scopes, wanted)
    for index in range(len(scopes)):
        part = reach_of(scopes[:index], wanted)
        assert part.users <= whole.users
        assert part.groups <= whole.groups
        assert whole.everybody or not part.everybody
    names = {wanted, "servers"} if wanted == "start:servers" else {wanted}
    assert whole.everybody == any(scope in names for scope in scopes)
    assert bool(whole) == (whole.everybody or bool(whole.users) or bool(whole.groups))


@pytest.mark.parametrize(
    ("scopes", "opens"),
    [
        ([ACCESS], True),
        (["access:services"], True),
        (["access:services!service=other"], False),
        (["access:services!service=sessions2"], False),
        (["access:servers"], False),
        (["read:servers"], False),
        ([], False),
    ],
)
def test_access_is_to_this_service(scopes: list[str], opens: bool) -> None:
    assert has_access(scopes, "sessions") is opens


# Visitors


def test_nothing_of_the_hubs_model_counts_but_name_kind_and_scopes() -> None:
    model: dict[str, Any] = {
        "name": "anna", "kind": "user", "admin": True, "roles": ["admin"], "groups": ["admins"],
        "scopes": [ACCESS, "read:servers!user=anna"],
    }  # fmt: skip
    visitor = make_visitor(model, by_token=True)
    assert visitor == Visitor(
        "anna", frozenset({ACCESS, "read:servers!user=anna"}), is_service=False, by_token=True
    )
    assert not visitor.is_admin
    assert make_visitor({"name": "x"}, by_token=False).scopes == frozenset()
    assert make_visitor({"name": "x", "kind": "service"}, by_token=True).is_service


@pytest.mark.parametrize(
    ("scopes", "is_admin"),
    [
        (("read:servers", "delete:servers"), True),
        (("read:servers",), False),
        (("read:servers", "delete:servers!group=class"), False),
        (("read:servers!group=class", "delete:servers!group=class"), False),
        (("admin:users", "admin-ui"), False),
    ],
)
def test_an_administrator_sees_and_stops_everybodys_sessions(
    scopes: tuple[str, ...], is_admin: bool
) -> None:
    assert a_visitor(*scopes).is_admin is is_admin


@pytest.mark.parametrize(
    ("scopes", "sees_others"),
    [
        (("read:servers",), True),
        (("read:servers!group=class",), True),
        (("read:servers!user=anna", "read:servers!user=ben"), True),
        (("read:servers!user=anna", "delete:servers"), False),
        ((), False),
    ],
)
def test_whoever_may_see_the_sessions_of_others_is_told_so(
    scopes: tuple[str, ...], sees_others: bool
) -> None:
    assert a_visitor(*scopes).sees_others is sees_others


# May


ON_SESSIONS = (
    Action.LIST, Action.READ, Action.READ_STORY, Action.READ_LOGS, Action.CLONE,
    Action.RENAME, Action.EDIT, Action.EXTEND, Action.STOP, Action.RESTART,
)  # fmt: skip
ONES_OWN = (Action.CREATE, Action.CHANGE_DRIVES, Action.DELETE_DRIVES)


@pytest.mark.parametrize("action", ON_SESSIONS)
def test_people_do_with_their_own_what_they_do_not_do_with_others(action: Action) -> None:
    anna = a_visitor(*OWN)
    assert may_at_all(anna, action)
    assert may(anna, action, "anna")
    assert not may(anna, action, "bob")
    assert not may(anna, action, "")


@pytest.mark.parametrize("action", ON_SESSIONS)
def test_a_teacher_sees_and_stops_what_the_members_of_his_group_have_and_no_more(
    action: Action,
) -> None:
    scopes = [scope.replace("user=anna", "group=class") for scope in OWN]
    members = (("class", frozenset({"anna@2026"})), ("other", frozenset({"bob@2026"})))
    kim = replace(a_visitor(*scopes, name="kim"), members=members)
    assert may_at_all(kim, action)
    # What a program prints is more than what somebody has.
    beyond = (Action.READ_LOGS, Action.RENAME, Action.EDIT, Action.EXTEND, Action.RESTART)
    assert may(kim, action, "anna") is (action not in beyond)
    assert not may(kim, action, "bob")
    assert not may(replace(kim, members=()), action, "anna")


@pytest.mark.parametrize("action", [*ON_SESSIONS, *ONES_OWN])
def test_a_token_without_the_scope_may_not_at_all(action: Action) -> None:
    needed = NEEDS[action]
    others = [scope for scope in OWN if scope.partition("!")[0] != needed]
    narrowed = a_visitor(ACCESS, *others)
    assert not may_at_all(narrowed, action)
    assert not may(narrowed, action, "anna")


@pytest.mark.parametrize("action", [*ON_SESSIONS, *ONES_OWN])
def test_a_sessions_or_guests_scopes_for_one_server_give_nothing(action: Action) -> None:
    guest = a_visitor(*(scope.replace("user=anna", "server=anna/s1") for scope in OWN))
    assert not may_at_all(guest, action)
    assert not may(guest, action, "anna")


def test_reading_is_not_changing() -> None:
    reader = a_visitor("read:servers!user=anna")
    allowed = {action for action in NEEDS if may_at_all(reader, action)}
    assert allowed == {
        Action.LOOK, Action.READ_DOCUMENTS, Action.LIST, Action.READ, Action.READ_STORY,
        Action.READ_LOGS, Action.CLONE, Action.READ_DRIVES,
    }  # fmt: skip


@pytest.mark.parametrize("action", ONES_OWN)
def test_a_right_over_others_is_none_over_oneself(action: Action) -> None:
    for scope in ("user=bob", "group=class"):
        token = a_visitor(*(one.replace("user=anna", scope) for one in OWN))
        assert not may_at_all(token, action)
    assert may_at_all(a_visitor(*OWN), action)
    assert may_at_all(a_visitor("read:servers", "start:servers"), action)


@pytest.mark.parametrize("action", ONES_OWN)
def test_a_service_has_nothing_of_its_own_even_under_a_users_name(action: Action) -> None:
    service = a_visitor("read:servers", "start:servers", "delete:servers", service=True)
    assert not may_at_all(service, action)


def test_a_service_reads_what_its_scopes_reach_and_has_no_page() -> None:
    service = a_visitor("read:servers", name="bot", service=True)
    assert may_at_all(service, Action.LIST)
    assert may(service, Action.READ, "anna")
    assert not may(service, Action.STOP, "anna")
    assert not may_at_all(service, Action.LOOK)
    assert may_at_all(service, Action.READ_DOCUMENTS)
    for hidden in (Action.READ_STORY, Action.READ_LOGS, Action.CLONE):
        assert is_hidden(service, hidden)
        assert not may(service, hidden, "anna")


def test_metrics_are_for_those_who_measure_and_for_administrators() -> None:
    assert may_at_all(a_visitor("read:metrics"), Action.READ_METRICS)
    assert may_at_all(a_visitor("read:servers", "delete:servers"), Action.READ_METRICS)
    assert not may_at_all(a_visitor(*OWN), Action.READ_METRICS)


def test_every_action_of_a_route_has_its_scope() -> None:
    # Health asks nobody, and activity is a session's own token's: neither comes to this table.
    assert set(Action) - set(NEEDS) == {Action.ANYTHING, Action.REPORT_ACTIVITY}

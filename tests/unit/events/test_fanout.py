"""Changes reach those who follow them, once, in order, and nobody else."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from sessions_service.events.fanout import MOST_WAITING, Fanout, Stream


def waiting(stream: Stream) -> list[tuple[str, str]]:
    """Return what waits in a stream, in the order in which it is sent."""
    return list(stream.waiting)


def test_a_change_reaches_its_owner_everybodys_listener_and_the_session_s_own() -> None:
    fanout = Fanout()
    anna, bob, admin = Stream("anna", "anna"), Stream("bob", "bob"), Stream("kim", None)
    one, other = Stream("anna", "anna", "s1"), Stream("anna", "anna", "s2")
    for stream in (anna, bob, admin, one, other):
        fanout.add(stream)
    fanout.session_changed("anna", "s1", 7)
    for stream in (anna, admin, one):
        assert stream.waiting == {("session", "s1"): 7}
        assert stream.woken.is_set()
    for stream in (bob, other):
        assert waiting(stream) == []
        assert not stream.woken.is_set()


def test_details_reach_only_those_who_follow_the_one_session() -> None:
    fanout = Fanout()
    all_of_anna, first, second = (
        Stream("anna", "anna"), Stream("anna", "anna", "s1"), Stream("kim", "anna", "s1"),
    )  # fmt: skip
    for stream in (all_of_anna, first, second):
        fanout.add(stream)
    fanout.detail("s1", "stage", {"name": "starting"})
    fanout.detail("s2", "stage", {"name": "ready"})
    assert first.details == second.details == [("stage", {"name": "starting"})]
    assert all_of_anna.details == []


def test_a_thing_that_changes_often_waits_once_and_after_what_changed_before() -> None:
    stream = Stream("anna", "anna")
    stream.put("session", "s1", 1)
    stream.put("session", "s2", 2)
    stream.put("session", "s1", 3)
    assert stream.waiting == {("session", "s2"): 2, ("session", "s1"): 3}
    assert waiting(stream) == [("session", "s2"), ("session", "s1")]


def test_a_notice_is_for_the_owner_of_the_session_alone() -> None:
    fanout = Fanout()
    anna, group, kim = Stream("anna", "anna"), Stream("eve", "eve"), Stream("kim", None)
    own_of_all, one = Stream("anna", None), Stream("anna", "anna", "s1")
    for stream in (anna, group, kim, own_of_all, one):
        fanout.add(stream)
    fanout.follow(group, frozenset({"anna"}))
    fanout.notice("anna", "s1")
    for stream in (anna, own_of_all):
        assert waiting(stream) == [("notice", "s1")]
    for stream in (group, kim, one):
        assert waiting(stream) == []


def test_limits_and_drives_are_told_to_their_owner_whatever_he_may_see() -> None:
    fanout = Fanout()
    anna, kim, bob = Stream("anna", "anna"), Stream("kim", None), Stream("bob", "bob")
    for stream in (anna, kim, bob):
        fanout.add(stream)
    fanout.owner_changed("anna", "limits")
    fanout.owner_changed("kim", "drive")
    assert waiting(anna) == [("limits", "anna")]
    assert waiting(kim) == [("drive", "kim")]
    assert waiting(bob) == []


def test_a_reader_that_does_not_read_is_told_to_begin_anew() -> None:
    stream = Stream("anna", None)
    for number in range(MOST_WAITING):
        stream.put("session", f"s{number}", number)
    stream.put("session", "s0", MOST_WAITING)
    assert not stream.is_overrun, "what waits already takes no more room"
    stream.put("session", "one more", MOST_WAITING + 1)
    assert stream.is_overrun
    assert waiting(stream) == [("session", "one more")]
    for number in range(MOST_WAITING + 10):
        stream.put_detail("stage", {"n": number})
    assert len(stream.details) == MOST_WAITING


def test_a_stream_that_left_hears_nothing_and_leaves_nothing_behind() -> None:
    fanout = Fanout()
    streams = [Stream("anna", "anna"), Stream("kim", None), Stream("anna", "anna", "s1")]
    for stream in streams:
        fanout.add(stream)
    assert len(fanout) == 3
    for stream in streams:
        fanout.remove(stream)
        fanout.remove(stream)
    assert len(fanout) == 0
    fanout.session_changed("anna", "s1", 1)
    fanout.detail("s1", "stage", {})
    assert all(not stream.waiting and not stream.details for stream in streams)
    assert fanout._of_owner == fanout._of_session == {}


def test_of_two_streams_of_one_owner_each_is_its_own() -> None:
    fanout = Fanout()
    one, other = Stream("anna", "anna"), Stream("anna", "anna")
    fanout.add(one)
    fanout.add(other)
    fanout.remove(one)
    fanout.session_changed("anna", "s1", 1)
    assert not one.waiting
    assert other.waiting


async def test_a_stream_wakes_for_news_and_gives_up_after_its_seconds() -> None:
    stream = Stream("anna", "anna")
    assert not await stream.next(0.01)
    waits = asyncio.create_task(stream.next(5))
    await asyncio.sleep(0)
    stream.put("session", "s1", 1)
    assert await waits
    assert not stream.woken.is_set()
    stream.put_detail("stage", {})
    assert await stream.next(5)


STREAMS = st.lists(
    st.tuples(st.sampled_from(["anna", "bob", None]), st.sampled_from([None, None, "s1", "s2"])),
    max_size=8,
)
CHANGES = st.lists(
    st.tuples(st.sampled_from(["anna", "bob"]), st.sampled_from(["s1", "s2", "s3"])), max_size=12
)


@given(STREAMS, CHANGES)
def test_everybody_hears_exactly_of_what_he_follows(
    follow: list[tuple[str | None, str | None]], changes: list[tuple[str, str]]
) -> None:
    fanout = Fanout()
    streams = [Stream(owner or "kim", owner, session) for owner, session in follow]
    for stream in streams:
        fanout.add(stream)
    for revision, (owner, session) in enumerate(changes):
        fanout.session_changed(owner, session, revision)
    for stream in streams:
        mine = {
            session
            for owner, session in changes
            if (
                session == stream.session_id if stream.session_id else stream.owner in (None, owner)
            )
        }
        assert {subject for _, subject in stream.waiting} == mine
        assert list(stream.waiting.values()) == sorted(stream.waiting.values())


def test_a_groups_administrator_hears_of_his_members_while_they_are_in_the_group() -> None:
    fanout = Fanout()
    kim = Stream("kim", "kim", others=frozenset({"anna", "bob"}))
    fanout.add(kim)
    assert len(fanout) == 1
    fanout.session_changed("anna", "s1", 1)
    fanout.session_changed("eve", "s2", 2)
    fanout.owner_changed("anna", "drive")
    assert waiting(kim) == [("session", "s1")]
    fanout.follow(kim, frozenset({"eve"}))
    fanout.session_changed("anna", "s1", 3)
    fanout.session_changed("eve", "s2", 4)
    fanout.session_changed("kim", "s3", 5)
    assert kim.waiting == {("session", "s1"): 1, ("session", "s2"): 4, ("session", "s3"): 5}
    fanout.remove(kim)
    assert len(fanout) == 0
    fanout.session_changed("eve", "s2", 6)
    assert kim.waiting["session", "s2"] == 4


def test_changes_are_counted_for_their_owner_and_for_all() -> None:
    fanout = Fanout()
    for owner in ("anna", "ben", "anna"):
        fanout.count_change(owner)
    assert [fanout.changes_of(owner) for owner in ("anna", "ben", "kim")] == [2, 1, 0]
    assert fanout.changes == 3

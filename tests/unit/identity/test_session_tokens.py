"""A session's own token belongs to its live run, and to no other."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sessions_service.sessions.models import Session
from sessions_service.sessions.tokens import SessionTokens


def a_session(session_id: str, token: str | None) -> Session:
    """Return a session with a token's digest."""
    empty: dict[str, Any] = dict.fromkeys((one.name for one in fields(Session)), None)
    return Session(**{**empty, "id": session_id, "token_sha256": token})


def test_a_token_is_known_from_its_run_on_until_the_end() -> None:
    tokens = SessionTokens()
    assert tokens.session_of("d1") is None
    tokens.add("d1", "s1")
    assert tokens.session_of("d1") == "s1"
    tokens.drop("s1")
    tokens.drop("s1")
    assert tokens.session_of("d1") is None


def test_the_token_of_an_earlier_run_counts_no_longer() -> None:
    tokens = SessionTokens()
    tokens.add("d1", "s1")
    tokens.add("d2", "s1")
    assert tokens.session_of("d1") is None
    assert tokens.session_of("d2") == "s1"


def test_the_late_end_of_one_session_does_not_take_anothers_token() -> None:
    tokens = SessionTokens()
    tokens.add("d1", "s1")
    tokens.add("d1", "s2")
    tokens.drop("s1")
    assert tokens.session_of("d1") == "s2"


def test_tokens_of_live_sessions_are_known_after_a_restart() -> None:
    tokens = SessionTokens()
    tokens.load([a_session("s1", "d1"), a_session("s2", None), a_session("s3", "")])
    assert tokens.session_of("d1") == "s1"
    assert tokens.session_of("") is None


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["d1", "d2", "d3", None]))),
)
def test_a_session_has_one_token_at_most_and_a_dropped_one_none(
    steps: list[tuple[str, str | None]],
) -> None:
    tokens = SessionTokens()
    last: dict[str, str | None] = {}
    for session_id, digest in steps:
        if digest is None:
            tokens.drop(session_id)
        else:
            tokens.add(digest, session_id)
        last[session_id] = digest
    for digest in ("d1", "d2", "d3"):
        found = tokens.session_of(digest)
        assert found is None or last[found] == digest
    held = [digest for digest in last.values() if digest is not None]
    for session_id, wanted in last.items():
        if wanted is not None and held.count(wanted) == 1:
            assert tokens.session_of(wanted) in (session_id, None)

"""What lives is kept in memory as the latest commits have it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sessions_service.lifecycle.table import ENDED, State
from sessions_service.sessions.living import Living
from sessions_spawner.wire.runs import RunDigest

from .test_present import make

NEWS = st.tuples(st.sampled_from(["sa", "sb", "sc"]), st.sampled_from(State), st.integers(1, 3))


@given(st.lists(NEWS))
def test_counts_and_digest_are_those_of_each_sessions_latest_news(
    news: list[tuple[str, State, int]],
) -> None:
    living = Living()
    latest = {}
    for session_id, state, generation in news:
        latest[session_id] = replace(make(), id=session_id, state=state, generation=generation)
        living.take(latest[session_id])
    live = [one for one in latest.values() if one.state not in ENDED]
    running = [one for one in live if one.state is State.RUNNING]
    assert len(living) == len(live)
    assert all((one.id in living) is (one in live) for one in latest.values())
    assert [one for one in latest.values() if living.is_running(one)] == running
    assert sum(living.counts.values()) == len(live)
    assert living.counts.get(State.RUNNING, 0) == len(running)
    assert living.running == str(RunDigest((one.id, one.generation) for one in running))

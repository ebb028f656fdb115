"""What the benchmark of starts waits for."""

from __future__ import annotations

import pytest

from benchmarks.start import OurSide


def test_a_stage_that_runs_is_not_taken_for_a_session_that_runs() -> None:
    side = object.__new__(OurSide)

    assert not side.is_ready({"name": "starting", "state": "running", "message": "Starting"})
    session = {"id": "s1", "server": "s1", "ended_at": None}
    assert not side.is_ready({**session, "state": "starting"})
    assert side.is_ready({**session, "state": "running"})


def test_a_start_that_failed_is_waited_for_no_longer() -> None:
    side = object.__new__(OurSide)
    failed = {"id": "s1", "server": "s1", "state": "failed", "ended_at": "2026-11-21T14:20:00Z"}
    with pytest.raises(AssertionError, match="No machine had room"):
        side.is_ready({**failed, "explanation": {"sentence": "No machine had room."}})

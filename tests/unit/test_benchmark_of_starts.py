"""What the benchmark of starts waits for."""

from __future__ import annotations

from benchmarks.start import OurSide


def test_a_stage_that_runs_is_not_taken_for_a_session_that_runs() -> None:
    side = object.__new__(OurSide)

    assert not side.is_ready({"name": "starting", "state": "running", "message": "Starting"})
    assert not side.is_ready({"id": "s1", "server": "s1", "state": "starting"})
    assert side.is_ready({"id": "s1", "server": "s1", "state": "running"})

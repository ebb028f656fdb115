"""The digest of runs: the same runs have the same one, however they came."""

from __future__ import annotations

from random import Random
from typing import TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from sessions_spawner.wire.runs import RunDigest

Runs: TypeAlias = set[tuple[str, int]]
RUNS = st.sets(st.tuples(st.sampled_from(["sa", "sb", "sc", "sd"]), st.integers(1, 4)))


@given(RUNS, RUNS, st.randoms())
def test_it_depends_on_what_is_in_it_alone(kept: Runs, gone: Runs, chance: Random) -> None:
    gone = gone - kept
    digest = RunDigest()
    coming = [*kept, *gone]
    chance.shuffle(coming)
    for run in coming:
        digest.add(*run)
    for run in gone:
        digest.remove(*run)
    assert str(digest) == str(RunDigest(kept))


@given(RUNS, RUNS)
def test_other_runs_have_another_one(some: Runs, others: Runs) -> None:
    assert (str(RunDigest(some)) == str(RunDigest(others))) is (some == others)

"""The spawner of a run is found by the run's key, and looked for among all of them only once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from sessions_spawner import hub_line
from sessions_spawner.run_index import RunIndex


@dataclass
class Run:
    key: str


@dataclass(eq=False)
class Spawner:
    run: Run | None
    active: bool = True


def test_a_run_is_found_again_without_looking_at_all_spawners(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spawners, looks = [Spawner(None), Spawner(Run("s1:1"))], []

    def active(_hub: Any) -> Iterator[Spawner]:
        looks.append(1)
        return iter(spawners)

    monkeypatch.setattr(hub_line, "active_spawners", active)
    index = RunIndex(None)
    assert index.find("s1:1") is spawners[1]
    assert index.find("s1:1") is spawners[1]
    assert len(looks) == 1
    spawners[1].run = Run("s1:2")
    assert index.find("s1:1") is None
    assert index.find("s1:2") is spawners[1]
    spawners[1].active = False
    spawners.pop()
    assert index.find("s1:2") is None

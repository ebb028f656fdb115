"""An environment's settings are put on for one run and leave nothing behind."""

from __future__ import annotations

from typing import Any

from traitlets import Dict, HasTraits, Int, List

from sessions_spawner.kubernetes.overrides import Overrides


class Spawner(HasTraits):
    """A thing with traits of the kinds that a spawner has."""

    labels: Any = Dict({"a": {"x": 1}, "b": 2})
    volumes: Any = List([{"name": "v"}])
    number = Int(1)
    plain = "not a trait"


def values_of(spawner: Spawner) -> dict[str, Any]:
    return {name: getattr(spawner, name) for name in ("labels", "volumes", "number", "plain")}


def test_dictionaries_are_updated_deeply_none_removes_and_all_else_replaces() -> None:
    spawner = Spawner()
    more = {"labels": {"a": {"y": 2}, "b": None}, "volumes": [], "number": 3}
    Overrides(spawner).put_on(more)
    assert spawner.labels == {"a": {"x": 1, "y": 2}}
    assert (spawner.volumes, spawner.number) == ([], 3)


def test_nothing_leaks_from_one_run_into_the_next() -> None:
    spawner = Spawner()
    before = values_of(spawner)
    given = {"labels": {"a": {"y": 2}}, "volumes": [{"name": "w"}], "number": 2}
    overrides = Overrides(spawner)
    overrides.put_on(given)
    overrides.put_on({"labels": {"c": 1}, "number": 4})
    spawner.labels["a"]["z"] = 3
    spawner.volumes.append({"name": "z"})
    overrides.take_off()
    assert values_of(spawner) == before
    assert given == {"labels": {"a": {"y": 2}}, "volumes": [{"name": "w"}], "number": 2}


def test_what_is_no_setting_of_the_spawner_is_left_out() -> None:
    spawner = Spawner()
    Overrides(spawner).put_on({"plain": "changed", "nowhere": 1})
    assert spawner.plain == "not a trait"
    assert not hasattr(spawner, "nowhere")

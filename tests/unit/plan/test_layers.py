"""An environment's settings and its options' are merged as KubeSpawner merges them."""

from __future__ import annotations

import asyncio
import copy
import logging
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubespawner.spawner import KubeSpawner

from sessions_spawner.plan import Plan, PlanConflict, PlanFacts, layers_of, make_plan
from sessions_spawner.plan.layers import Layer, merge
from sessions_spawner.request import parse_request
from sessions_spawner.request.environments import BadProfile, Environment, read_profiles

PROFILE: dict[str, Any] = {
    "display_name": "Python",
    "kubespawner_override": {
        "mem_limit": "1G",
        "environment": {"MODE": "safe", "TEAM": "a", "OLD": "x"},
    },
    "profile_options": {
        "size": {
            "display_name": "Size",
            "choices": {
                "small": {"kubespawner_override": {"cpu_limit": 1}},
                "large": {"kubespawner_override": {"cpu_limit": 4, "mem_limit": "8G"}},
            },
        },
        "mode": {
            "choices": {
                "plain": {},
                "fast": {
                    "default": True,
                    "kubespawner_override": {
                        "mem_limit": "2G",
                        "environment": {"MODE": "fast", "OLD": None},
                    },
                },
            },
            "unlisted_choice": {
                "enabled": True,
                "kubespawner_override": {
                    "environment": {"MODE": "own-{value}", "KEPT": "{other}", "{value}": "name"}
                },
            },
        },
    },
}


def environment_of(profile: Mapping[str, Any]) -> Environment:
    (found,) = read_profiles([profile])
    return found


def plan_of(profile: Mapping[str, Any], **request: Any) -> Plan:
    environment = environment_of(profile)
    parsed = parse_request({"environment": environment.name, **request})
    facts = PlanFacts("s", "n", layers_of(parsed, environment), {"default": "d"}, "")
    return make_plan(parsed, facts)


def env_of(plan: Plan) -> dict[str, str]:
    return {name: text for name, text in plan.env.items() if not name.startswith("SESSIONS_")}


def test_options_that_are_not_named_have_their_defaults() -> None:
    plan = plan_of(PROFILE)
    assert plan.settings == {
        "cpu": "1",
        "memory": "2Gi",
        "without_env": ("OLD",),
        "traits": {
            "cpu_limit": 1,
            "mem_limit": "2G",
            "environment": {"MODE": "fast", "TEAM": "a"},
        },
    }
    assert env_of(plan) == {"MODE": "fast", "TEAM": "a"}


def test_a_choice_goes_before_the_environment_and_later_options_before_earlier_ones() -> None:
    assert plan_of(PROFILE, choices={"size": "large"}).settings["memory"] == "2Gi"
    plan = plan_of(PROFILE, choices={"size": "large", "mode": "plain"})
    assert (plan.settings["cpu"], plan.settings["memory"]) == ("4", "8Gi")
    assert env_of(plan) == {"MODE": "safe", "TEAM": "a", "OLD": "x"}


def test_a_plan_says_which_option_brought_what() -> None:
    origins = plan_of(PROFILE, choices={"size": "large"}).origins
    assert origins["settings.cpu"] == "option ‘size’ of environment ‘python’"
    assert origins["settings.memory"] == "option ‘mode’ of environment ‘python’"
    assert origins["env.MODE"] == "option ‘mode’ of environment ‘python’"
    assert origins["env.TEAM"] == "environment ‘python’"


def test_a_size_that_was_asked_for_goes_before_a_choices() -> None:
    plan = plan_of(PROFILE, choices={"size": "large"}, resources={"cpu": "2"})
    assert (plan.settings["cpu"], plan.settings["memory"]) == ("2", "2Gi")
    assert plan.origins["settings.cpu"] == "resources"


def test_text_of_ones_own_is_filled_in_and_leaves_no_trace_for_the_next() -> None:
    before = copy.deepcopy(PROFILE)
    for text in ("one", "{value.__class__}"):
        env = env_of(plan_of(PROFILE, choices={"mode": {"unlisted": text}}))
        assert env["MODE"] == f"own-{text}"
        assert env["KEPT"] == "{other}"
        assert env[text] == "name"
    assert before == PROFILE


def test_a_template_that_cannot_be_filled_is_the_administrators_mistake() -> None:
    options = {"o": {"unlisted_choice": {"enabled": True,
               "kubespawner_override": {"image": "{value"}}}}  # fmt: skip
    profile = {"display_name": "A", "profile_options": options}
    with pytest.raises(BadProfile, match=r"‘A’, o\.unlisted_choice: its settings"):
        plan_of(profile, choices={"o": {"unlisted": "x"}})


def test_a_choice_can_bring_another_program() -> None:
    options = {"version": {"choices": {
        "a": {"local_override": {"python": "/opt/a/bin/python"}},
        "b": {"local_override": {"executable": ["/opt/b/serve", "--fast"]}}}}}  # fmt: skip
    profile = {"display_name": "A", "profile_options": options}
    assert plan_of(profile).settings == {"python": "/opt/a/bin/python"}
    chosen = plan_of(profile, choices={"version": "b"})
    assert chosen.settings == {"executable": ["/opt/b/serve", "--fast"]}


def test_a_conflict_names_the_field_that_is_to_be_changed() -> None:
    with pytest.raises(PlanConflict) as conflict:
        plan_of(PROFILE, env={"MODE": "mine"})
    assert conflict.value.field == "env.MODE"
    profile = {"display_name": "A", "kubespawner_override": {"environment": {"SESSIONS_ID": "x"}}}
    with pytest.raises(PlanConflict) as conflict:
        plan_of(profile)
    assert conflict.value.field == "environment"


# Side by side with KubeSpawner itself


THEIRS: Any = KubeSpawner


class Reference:
    """KubeSpawner's own reading of a profile list, without a cluster."""

    load_user_options: Any = THEIRS.load_user_options
    _apply_overrides: Any = THEIRS._apply_overrides
    _get_initialized_profile_list: Any = THEIRS._get_initialized_profile_list
    _get_profile: Any = THEIRS._get_profile
    _load_profile: Any = THEIRS._load_profile
    _sorted_dict_values: Any = THEIRS._sorted_dict_values
    _validate_user_options: Any = THEIRS._validate_user_options
    log = logging.getLogger("reference")

    def __init__(self, profile: dict[str, Any], options: dict[str, Any]) -> None:
        self.profile_list = [profile]
        self.user_options = options
        self.one: Any = None
        self.two: Any = None
        self.table: dict[str, Any] = {}
        self.environment: dict[str, Any] = {"A": "hub"}


SCALARS = st.sampled_from(["x", "{value}", "a-{value}", 1, True])
# A key holds a text in every layer or a dictionary in every layer: KubeSpawner fails on a change.
FLAT = st.dictionaries(st.sampled_from("ab"), SCALARS | st.none(), max_size=2)
TABLES = st.fixed_dictionaries(
    {}, optional={"a": SCALARS | st.none(), "c": FLAT | st.none(), "d": st.builds(dict, e=FLAT)}
)
OVERRIDES = st.fixed_dictionaries(
    {}, optional={"one": SCALARS, "two": SCALARS, "table": TABLES, "environment": st.dictionaries(
        st.sampled_from(["A", "B"]), st.sampled_from(["1", "2"]) | st.none(), max_size=2)}
)  # fmt: skip
OPTIONS = st.fixed_dictionaries(
    {"choices": st.fixed_dictionaries({
        "first": st.builds(lambda o: {"kubespawner_override": o}, OVERRIDES),
        "other": st.builds(lambda o: {"default": True, "kubespawner_override": o}, OVERRIDES)}),
     "unlisted_choice": st.builds(
         lambda o: {"enabled": True, "kubespawner_override": o}, OVERRIDES)}
)  # fmt: skip
PROFILES = st.builds(
    lambda override, options: {
        "display_name": "A",
        "slug": "a",
        "kubespawner_override": override,
        "profile_options": options,
    },
    OVERRIDES,
    st.dictionaries(st.sampled_from(["size", "mode"]), OPTIONS, max_size=2),
)


@given(PROFILES, st.dictionaries(st.sampled_from(["size", "mode"]), st.integers(0, 2)))
def test_any_list_and_any_choices_come_to_what_kubespawner_comes_to(
    profile: dict[str, Any], picked: dict[str, int]
) -> None:
    ours: dict[str, Any] = {}
    theirs: dict[str, Any] = {"profile": "a"}
    for name, number in picked.items():
        if name in profile["profile_options"]:
            ours[name] = ("first", "other", {"unlisted": "own"})[number]
            key = f"{name}--unlisted-choice" if number == 2 else name
            theirs[key] = ("first", "other", "own")[number]
    reference = Reference(copy.deepcopy(profile), theirs)
    asyncio.run(reference.load_user_options())
    request = parse_request({"environment": "a", "choices": ours})
    base = Layer("the hub's", {"table": {}, "environment": {"A": "hub"}})
    merged = merge((base, *layers_of(request, environment_of(profile))))
    for key in ("one", "two"):
        assert merged.values.get(key) == getattr(reference, key)
    assert {**merged.values["table"]} == reference.table
    env = {name: text for name, text in merged.env.items() if text is not None}
    assert env == {name: str(text) for name, text in reference.environment.items()}

"""Every rule allows what it should and refuses its own thing with a sentence."""

from __future__ import annotations

import re
from typing import Any

import pytest
from traitlets import TraitError
from traitlets.config import Config

from sessions_spawner.policy import RULES, Facts, check
from sessions_spawner.request import FIELD_DEFAULTS, LaunchRequest, parse_request
from sessions_spawner.request.environments import Choice, Environment
from sessions_spawner.settings import ENV_REFUSED, SETTINGS, IdleTimeouts, SessionLimits

PYTHON = Environment(
    "python",
    "Python",
    choices=(
        Choice("size", "Size", {"s": "Small", "l": "Large"}, "s"),
        Choice("image", "Image", {"base": "Base"}, "base", re.compile(r"team/\w+:\d+")),
    ),
)
ENVIRONMENTS = {"python": PYTHON}


def refused(request: dict[str, Any], **facts: Any) -> dict[str, str]:
    """Return field → sentence of what the rules refuse."""
    parsed = parse_request({"environment": "python", **request})
    found = check(parsed, Facts(**{"environments": ENVIRONMENTS, **facts}))
    assert all(one.message.endswith(".") for one in found)
    return {one.field: one.message for one in found}


def test_a_plain_request_breaks_no_rule() -> None:
    assert refused({}, env_refused=ENV_REFUSED) == {}


def test_an_environment_that_is_not_offered_is_refused_with_what_is() -> None:
    assert refused({"environment": "r"}) == {
        "environment": "No environment called ‘r’. Choose one of: python."
    }
    assert refused({}, environments={}) == {
        "environment": "No environment called ‘python’. Choose one of: none is offered to you."
    }


def test_a_long_list_of_environments_is_cut() -> None:
    many = {f"e{n:02}": Environment(f"e{n:02}", "E") for n in range(30)}
    sentence = refused({}, environments=many)["environment"]
    assert "e09" in sentence
    assert "e10" not in sentence


@pytest.mark.parametrize(
    ("choices", "field"),
    [
        ({"size": "s"}, None),
        ({"size": "l", "image": "base"}, None),
        ({"image": {"unlisted": "team/own:7"}}, None),
        ({"size": "xl"}, "choices.size"),
        ({"size": "Small"}, "choices.size"),
        ({"size": {"unlisted": "xl"}}, "choices.size"),
        ({"image": "team/own:7"}, "choices.image"),
        ({"image": {"unlisted": "mallory/own:7"}}, "choices.image"),
        ({"image": {"unlisted": "team/own:7 --privileged"}}, "choices.image"),
        ({"colour": "red"}, "choices.colour"),
    ],
)
def test_choices_are_those_of_the_environment(choices: dict[str, Any], field: str | None) -> None:
    assert list(refused({"choices": choices})) == ([field] if field else [])


def test_an_option_that_takes_text_alone_needs_it() -> None:
    free = Environment("r", "R", choices=(Choice("tag", "Tag", {}, None, re.compile(r"\d+")),))
    environments = {"r": free}
    found = refused({"environment": "r"}, environments=environments)
    assert found == {"choices.tag": "This option has no default; say what to use."}
    given = {"environment": "r", "choices": {"tag": {"unlisted": "7"}}}
    assert refused(given, environments=environments) == {}


SETTING = Environment(
    "s",
    "Setting",
    variables={"MODE": True, "TEAM": True},
    choices=(
        Choice(
            "speed",
            "Speed",
            {"slow": "Slow", "fast": "Fast"},
            "slow",
            re.compile(".+"),
            variables={"fast": {"FAST": True, "TEAM": False}},
            own_variables={"OWN": True},
        ),
    ),
)


@pytest.mark.parametrize(
    ("choices", "name", "sentence"),
    [
        ({}, "MODE", "The environment ‘Setting’ sets this variable; use another name."),
        ({}, "FAST", None),
        ({}, "OWN", None),
        ({"speed": "fast"}, "FAST", "The option ‘Speed’ sets this variable; use another name."),
        (
            {"speed": "fast"},
            "MODE",
            "The environment ‘Setting’ sets this variable; use another name.",
        ),
        ({"speed": "fast"}, "TEAM", None),
        (
            {"speed": {"unlisted": "x"}},
            "OWN",
            "The option ‘Speed’ sets this variable; use another name.",
        ),
        ({"speed": {"unlisted": "x"}}, "FAST", None),
    ],
)
def test_a_variable_that_the_chosen_environment_sets_is_refused(
    choices: dict[str, Any], name: str, sentence: str | None
) -> None:
    request = {"environment": "s", "choices": choices, "env": {name: "x"}}
    found = refused(request, environments={"s": SETTING})
    assert found == ({f"env.{name}": sentence} if sentence else {})


def test_what_every_session_has_of_its_own_is_refused_whatever_the_administrators_list_says() -> (
    None
):
    found = refused({"env": {"HOME": "/tmp"}}, env_refused=(), env_reserved=("HOME", "SESSIONS_*"))
    assert found == {"env.HOME": "This variable belongs to the session; use another name."}


def test_an_environment_that_sets_what_belongs_to_the_session_is_refused() -> None:
    found = refused({"environment": "s"}, environments={"s": SETTING}, env_reserved=("MO*",))
    assert found == {
        "environment": "It sets MODE, which belongs to the session. Tell the administrator."
    }


def test_choices_of_an_unknown_environment_are_not_judged() -> None:
    assert list(refused({"environment": "r", "choices": {"x": "y"}})) == ["environment"]


WANTED: dict[str, Any] = {
    "name": "x",
    "choices": {"size": "l"},
    "image": "a",
    "idle_timeout": 60,
    "max_lifetime": 60,
    "drive": "x",
    "extra_drives": [{"drive": "x", "path": "x"}],
    "resources": {"gpu": 1},
    "secrets": [{"name": "x"}],
    "service_account": "x",
    "cloud_sql": [{"instance": "a:b:c"}],
    "ports": [{"number": 1}],
    "billing_project": "x",
    "visibility": {"level": "everyone"},
    "collaborative": True,
    "env": {"A": "x"},
    "pod_overrides": "",
    "pod_spec": "",
    "cloned_from": "x",
}


@pytest.mark.parametrize("field", FIELD_DEFAULTS)
def test_a_field_that_the_hub_cannot_give_takes_its_default_only(field: str) -> None:
    assert refused({}, unsupported={field: "Not here."}) == {}
    assert refused({field: WANTED[field]}, unsupported={field: "Not here."}) == {field: "Not here."}


def test_a_field_of_a_lists_entries_can_be_what_the_hub_cannot_give() -> None:
    unsupported = {"extra_drives.read_only": "Not here."}
    entry = {"drive": "x", "path": "x"}
    assert refused({"extra_drives": [entry]}, unsupported=unsupported) == {}
    closed = [entry, {"drive": "y", "path": "y", "read_only": True}]
    assert refused({"extra_drives": closed}, unsupported=unsupported) == unsupported


def test_a_part_of_a_field_can_be_what_the_hub_cannot_give() -> None:
    unsupported = {"resources.gpu": "No GPU here."}
    assert refused({}, unsupported=unsupported) == {}
    assert refused({"resources": {"cpu": "1"}}, unsupported=unsupported) == {}
    assert refused({"resources": {"gpu": 1}}, unsupported=unsupported) == unsupported


@pytest.mark.parametrize(
    ("seconds", "most", "never", "is_refused"),
    [
        (3600, None, True, False),
        (3600, 3600, True, False),
        (3601, 3600, True, True),
        (-1, 3600, True, True),
        (-1, None, True, False),
        (-1, None, False, True),
        (60, 3600, False, False),
    ],
)
def test_the_idle_timeout_stays_within_the_administrators_bound(
    seconds: int, most: int | None, never: bool, is_refused: bool
) -> None:
    found = refused({"idle_timeout": seconds}, idle_timeout_max=most, idle_may_be_never=never)
    assert list(found) == (["idle_timeout"] if is_refused else [])


def test_a_bound_of_idle_timeouts_is_said_in_its_own_unit() -> None:
    for most, words in ((3600, "1 h"), (5400, "90 min"), (90, "90 s")):
        found = refused({"idle_timeout": 7200}, idle_timeout_max=most, idle_may_be_never=True)
        assert found["idle_timeout"] == f"Your limit is {words}."


@pytest.mark.parametrize(
    ("seconds", "most", "is_refused"),
    [(None, 3600, False), (3600, 3600, False), (3601, 3600, True), (86_400, None, False)],
)
def test_the_longest_life_stays_within_the_administrators_bound(
    seconds: int | None, most: int | None, is_refused: bool
) -> None:
    found = refused({"max_lifetime": seconds}, lifetime_max=most)
    assert found == ({"max_lifetime": "Your limit is 1 h."} if is_refused else {})


@pytest.mark.parametrize(
    "name",
    [
        "JUPYTERHUB_API_TOKEN", "JPY_API_TOKEN", "JUPYTER_CONFIG_DIR", "SESSIONS_ID", "LD_PRELOAD",
        "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONSTARTUP", "BASH_ENV", "ENV", "NODE_OPTIONS",
        "GIT_SSH_COMMAND", "IPYTHONDIR", "HOME", "PATH", "SHELL", "USER", "LOGNAME",
        "XDG_CONFIG_HOME", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "no_proxy",
    ],
)  # fmt: skip
def test_a_variable_that_changes_the_session_itself_is_refused(name: str) -> None:
    assert list(refused({"env": {name: "x"}}, env_refused=ENV_REFUSED)) == [f"env.{name}"]


@pytest.mark.parametrize(
    "name", ["MODE", "MY_PATH", "ENVIRONMENT", "HOMEPAGE", "USERS", "MYJUPYTER_X", "AWS_REGION"]
)
def test_a_variable_of_ones_own_is_allowed(name: str) -> None:
    assert refused({"env": {name: "x"}}, env_refused=ENV_REFUSED) == {}


def test_every_refused_variable_is_named_and_its_value_is_not() -> None:
    found = refused({"env": {"HOME": "canary", "OK": "x", "PATH": "y"}}, env_refused=ENV_REFUSED)
    assert list(found) == ["env.HOME", "env.PATH"]
    assert "canary" not in "".join(found.values())


@pytest.mark.parametrize(
    ("resources", "field"),
    [
        ({"cpu": "2"}, None),
        ({"cpu": "2000m"}, None),
        ({"cpu": "2001m"}, "resources.cpu"),
        ({"memory": "4Gi"}, None),
        ({"memory": "4096Mi"}, None),
        ({"memory": "5G"}, "resources.memory"),
    ],
)
def test_a_size_stays_within_the_administrators_bound(
    resources: dict[str, Any], field: str | None
) -> None:
    found = refused({"resources": resources}, cpu_max="2", memory_max="4Gi")
    assert list(found) == ([field] if field else [])
    assert refused({"resources": resources}) == {}


def test_all_refusals_are_told_at_once_in_the_order_of_the_rules() -> None:
    found = refused(
        {
            "environment": "r",
            "image": "a",
            "idle_timeout": -1,
            "env": {"HOME": "x"},
            "resources": {"cpu": "9"},
        },
        unsupported={"image": "Not here."},
        env_refused=ENV_REFUSED,
        idle_may_be_never=False,
        cpu_max="1",
    )
    assert list(found) == ["image", "environment", "resources.cpu", "idle_timeout", "env.HOME"]


def test_rules_say_what_they_refuse() -> None:
    assert all((rule.__doc__ or "").startswith("Refuse ") for rule in RULES)


# Settings


def test_every_setting_has_help_with_an_example_of_its_own_name() -> None:
    for one in SETTINGS:
        for name, trait in one.class_own_traits(config=True).items():
            assert f"``c.{one.__name__}.{name} = " in trait.help


@pytest.mark.parametrize(
    ("section", "name", "value"),
    [
        ("SessionLimits", "running", 10),
        ("IdleTimeouts", "default_seconds", 900),
        ("IdleTimeouts", "presets", [900, 1800, 3600, 7200, 43_200, 86_400, -1]),
        ("IdleTimeouts", "extend_max_seconds", 86_400),
        ("SessionPolicy", "users_trust_each_other", False),
        ("SessionPolicy", "drive_grace_seconds", 7 * 86_400),
        ("SessionsLink", "reconcile_seconds", 30),
        ("SessionsLink", "hub_calls", 10),
        ("SessionsPage", "navigation_items", []),
        ("SessionsPage", "announcement", None),
    ],
)
def test_a_setting_has_the_default_that_was_decided(section: str, name: str, value: Any) -> None:
    (kind,) = (one for one in SETTINGS if one.__name__ == section)
    assert getattr(kind(), name) == value


@pytest.mark.parametrize(
    ("section", "name", "value"),
    [
        ("SessionLimits", "running", -1),
        ("SessionLimits", "cpu", "eight"),
        ("SessionLimits", "cpu", "0"),
        ("SessionLimits", "memory", "32GB"),
        ("IdleTimeouts", "default_seconds", 59),
        ("IdleTimeouts", "max_seconds", 59),
        ("IdleTimeouts", "presets", [-2]),
        ("SessionsLink", "hub_calls", 0),
        ("SessionsPage", "navigation_items", [{"name": "Handbook"}]),
        ("SessionsPage", "navigation_items", [{"name": " ", "href": "/a"}]),
        ("SessionsPage", "navigation_items", [{"name": "a", "href": "javascript:alert(1)"}]),
        ("SessionsPage", "navigation_items", [{"name": "a", "href": "//elsewhere.org"}]),
        ("SessionsLink", "reconcile_seconds", 0),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_when_it_is_read(
    section: str, name: str, value: Any
) -> None:
    config = Config({section: {name: value}})
    (kind,) = (one for one in SETTINGS if one.__name__ == section)
    with pytest.raises(TraitError, match=name):
        kind(config=config)


def test_limits_are_quantities_or_none() -> None:
    assert SessionLimits().cpu is None
    assert SessionLimits(config=Config({"SessionLimits": {"memory": "32Gi"}})).memory == "32Gi"
    assert IdleTimeouts().default_seconds == FIELD_DEFAULTS["idle_timeout"]
    assert isinstance(parse_request({"environment": "a"}), LaunchRequest)

"""A launch request takes what design section 5 says, and names what else it gets by its path."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sessions_spawner.request import (
    FIELD_DEFAULTS,
    LaunchRequest,
    RequestError,
    digest_of,
    lift_stored,
    parse_request,
    to_stored,
)
from sessions_spawner.request.ids import new_drive_id

FULL: dict[str, Any] = {
    "name": "churn model",
    "environment": "python",
    "choices": {"size": "small", "image": {"unlisted": "own:1"}},
    "image": "registry.example.org/team/image:1.2",
    "idle_timeout": 3600,
    "max_lifetime": 86_400,
    "drive": "data",
    "extra_drives": [{"drive": "shared", "path": "in/shared", "read_only": True}],
    "resources": {"cpu": "500m", "memory": "4Gi", "gpu": 1},
    "secrets": [{"name": "db-password", "as": "files", "path": "secrets/db"}],
    "service_account": "reader",
    "cloud_sql": [{"instance": "project:europe-west1:main", "port": 5432}],
    "ports": [{"number": 8501, "protocol": "UDP", "name": "streamlit"}],
    "billing_project": "team-a",
    "visibility": {"level": "users", "may": "look", "users": ["bob"]},
    "collaborative": True,
    "env": {"MODE": "fast\nand loud"},
    "pod_overrides": "metadata:\n  labels: {}\n",
    "cloned_from": "sabcdefghijk",
}


def fields_of(**wrong: Any) -> dict[str, str]:
    """Return path → sentence of a request with these fields."""
    with pytest.raises(RequestError) as refused:
        parse_request({"environment": "python", **wrong})
    return refused.value.fields


def test_every_field_of_the_design_is_taken_and_comes_back() -> None:
    request = parse_request(FULL)
    assert set(FULL) | {"pod_spec"} == set(LaunchRequest.model_fields)
    stored = to_stored(request)
    assert stored == {"version": 1, **FULL}
    assert lift_stored(json.loads(json.dumps(stored))) == request


def test_only_the_environment_has_to_be_named() -> None:
    request = parse_request({"environment": "python"})
    assert to_stored(request) == {"version": 1, "environment": "python"}
    assert {name: getattr(request, name) for name in FIELD_DEFAULTS} == dict(FIELD_DEFAULTS)
    assert parse_request({}, defaults={"environment": "r", "idle_timeout": 60}).idle_timeout == 60
    assert parse_request({"environment": "r"}, defaults={"environment": "x"}).environment == "r"
    with pytest.raises(RequestError) as refused:
        parse_request({})
    assert refused.value.fields == {"environment": "This field is required."}


def test_a_request_does_not_change_after_its_check() -> None:
    request = parse_request(FULL)
    with pytest.raises(ValidationError):
        request.idle_timeout = -1
    with pytest.raises(ValidationError):
        request.extra_drives[0].drive = "somebody-elses"


@pytest.mark.parametrize("data", [None, [], ["environment"], "environment", 5, True, 1.5])
def test_what_is_no_object_is_refused_as_a_whole(data: object) -> None:
    with pytest.raises(RequestError) as refused:
        parse_request(data)
    assert refused.value.fields == {"": "Send a JSON object with the fields of a launch request."}


WRONG: list[tuple[str, Any, str, str]] = [
    # name
    ("name", 5, "name", "Use a text."),
    ("name", "x" * 41, "name", "Use at most 40 characters."),
    ("name", "a\x00b", "name", "Leave out control characters."),
    ("name", "a\nb", "name", "Leave out control characters."),
    ("name", "a\x1b[31m", "name", "Leave out control characters."),
    ("name", "a\x85b", "name", "Leave out control characters."),
    ("name", "txt\u202egpj", "name", "Leave out control characters."),
    ("name", "a\u2028b", "name", "Leave out control characters."),
    ("name", "a\ud800", "name", "Leave out control characters."),
    # environment and choices
    ("environment", None, "environment", "Use a text."),
    ("environment", "", "environment", "Use the name of an environment"),
    ("environment", "a b", "environment", "Use the name of an environment"),
    ("environment", "../x", "environment", "Use the name of an environment"),
    ("environment", "a\n", "environment", "Use the name of an environment"),
    ("choices", ["a"], "choices", "Use an object."),
    ("choices", {"size": 5}, "choices.size", "Use a text."),
    ("choices", {"size": ["a"]}, "choices.size", "Use a text."),
    ("choices", {"size": {"unlisted": 5}}, "choices.size.unlisted", "Use a text."),
    ("choices", {"a b": "x"}, "choices.a b", "Use the name"),
    ("choices", {"Unlisted": 5}, "choices.Unlisted", "Use a text."),
    ("choices", {"function-x": 5}, "choices.function-x", "Use a text."),
    ("choices", {"size": "x" * 257}, "choices.size", "Use a shorter text."),
    ("choices", {"size": "a\x00"}, "choices.size", "Leave out control characters."),
    ("choices", {f"o{n}": "x" for n in range(51)}, "choices", "Use fewer entries."),
    # image
    ("image", 5, "image", "Use a text."),
    ("image", "", "image", "Use a form like"),
    ("image", "not an image", "image", "Use a form like"),
    # times
    ("idle_timeout", "900", "idle_timeout", "Use a whole number, without quotes."),
    ("idle_timeout", True, "idle_timeout", "Use a whole number, without quotes."),
    ("idle_timeout", 900.0, "idle_timeout", "Use a whole number, without quotes."),
    ("idle_timeout", float("inf"), "idle_timeout", "Use a whole number, without quotes."),
    ("idle_timeout", float("nan"), "idle_timeout", "Use a whole number, without quotes."),
    ("idle_timeout", None, "idle_timeout", "Use a whole number, without quotes."),
    ("idle_timeout", 59, "idle_timeout", "Choose at least 60 seconds, or -1 for never."),
    ("idle_timeout", 0, "idle_timeout", "Choose at least 60 seconds, or -1 for never."),
    ("idle_timeout", -2, "idle_timeout", "Choose at least 60 seconds, or -1 for never."),
    ("idle_timeout", 10**30, "idle_timeout", "Choose at most a year, or -1 for never."),
    ("max_lifetime", 59, "max_lifetime", "Use 60 or more."),
    ("max_lifetime", -1, "max_lifetime", "Use 60 or more."),
    ("max_lifetime", 10**30, "max_lifetime", "Use 31622400 or less."),
    # drives
    ("drive", "", "drive", "Use lower case letters"),
    ("drive", "Data", "drive", "Use lower case letters"),
    ("drive", "-data", "drive", "Use lower case letters"),
    ("drive", "d" * 41, "drive", "Use lower case letters"),
    ("drive", "../anna", "drive", "Use lower case letters"),
    ("drive", None, "drive", "Use a text."),
    ("extra_drives", {"drive": "a"}, "extra_drives", "Use a list."),
    ("extra_drives", "a", "extra_drives", "Use a list."),
    ("extra_drives", ["a"], "extra_drives.0", "Use an object."),
    ("extra_drives", [{"drive": "a"}], "extra_drives.0.path", "This field is required."),
    (
        "extra_drives",
        [{"drive": "a", "path": "x"}, {"drive": "b", "path": "../x"}],
        "extra_drives.1.path",
        "Name a folder inside the home folder",
    ),
    (
        "extra_drives",
        [{"drive": "a", "path": "x", "read_only": "no"}],
        "extra_drives.0.read_only",
        "Use true or false.",
    ),
    (
        "extra_drives",
        [{"drive": "a", "path": "x/y"}, {"drive": "b", "path": "x//y/"}],
        "extra_drives",
        "The path ‘x/y’ is there twice",
    ),
    (
        "extra_drives",
        [{"drive": "a", "path": f"x{n}"} for n in range(21)],
        "extra_drives",
        "Use fewer entries.",
    ),
    # resources
    ("resources", "big", "resources", "Use an object."),
    ("resources", {"cpu": 2}, "resources.cpu", "Use a text."),
    ("resources", {"cpu": "two"}, "resources.cpu", "Use a Kubernetes quantity"),
    ("resources", {"memory": "0"}, "resources.memory", "Use a quantity above 0."),
    ("resources", {"memory": "-4Gi"}, "resources.memory", "Use a Kubernetes quantity"),
    ("resources", {"gpu": -1}, "resources.gpu", "Use 0 or more."),
    ("resources", {"gpu": "1"}, "resources.gpu", "Use a whole number, without quotes."),
    ("resources", {"disk": "1"}, "resources.disk", "There is no such field; leave it out."),
    # secrets, accounts, databases
    ("secrets", [{"name": "A"}], "secrets.0.name", "Use a name as the list offers it"),
    ("secrets", [{"name": "a", "as": "file"}], "secrets.0.as", "Use one of"),
    ("secrets", [{"name": "a", "as_": "env"}], "secrets.0.as_", "There is no such field"),
    ("secrets", [{"name": "a", "value": "x"}], "secrets.0.value", "There is no such field"),
    ("secrets", [{"name": "a", "path": "/etc"}], "secrets.0.path", "Use a path inside"),
    ("secrets", [{"name": "a"}, {"name": "a"}], "secrets", "The secret ‘a’ is there twice"),
    ("service_account", "No Such", "service_account", "Use a name as the list offers it"),
    ("cloud_sql", [{"instance": "main"}], "cloud_sql.0.instance", "Use the form project"),
    (
        "cloud_sql",
        [{"instance": "a:b:c", "port": 0}],
        "cloud_sql.0.port",
        "Use 1 or more.",
    ),
    ("cloud_sql", [{"instance": "a:b:c"}] * 2, "cloud_sql", "The instance ‘a:b:c’ is there twice"),
    # ports
    ("ports", {"number": 1}, "ports", "Use a list."),
    ("ports", [80], "ports.0", "Use an object."),
    ("ports", [{"number": 80}, {"number": "81"}], "ports.1.number", "Use a whole number"),
    ("ports", [{"number": 0}], "ports.0.number", "Use 1 or more."),
    ("ports", [{"number": 65_536}], "ports.0.number", "Use 65535 or less."),
    ("ports", [{"number": 80, "protocol": "tcp"}], "ports.0.protocol", "Use one of"),
    ("ports", [{"number": 80, "name": "x" * 64}], "ports.0.name", "Use a shorter text."),
    (
        "ports",
        [{"number": 80}, {"number": 80, "protocol": "UDP"}],
        "ports",
        "The port ‘80’ is there twice",
    ),
    # visibility and the rest
    ("visibility", "everyone", "visibility", "Use an object."),
    ("visibility", {"level": "all"}, "visibility.level", "Use one of"),
    ("visibility", {"level": None}, "visibility.level", "Use one of"),
    ("visibility", {"users": "bob"}, "visibility.users", "Use a list."),
    ("visibility", {"users": ["a"] * 101}, "visibility.users", "Use fewer entries."),
    ("visibility", {"users": ["a", 5]}, "visibility.users.1", "Use a text."),
    ("billing_project", ["a"], "billing_project", "Use a text."),
    ("collaborative", 1, "collaborative", "Use true or false."),
    ("collaborative", "true", "collaborative", "Use true or false."),
    ("env", ["A=1"], "env", "Use an object."),
    ("env", {"A": 1}, "env.A", "Use a text."),
    ("env", {"1A": "x"}, "env.1A", "Use letters, digits and underscores"),
    ("env", {"A=B": "x"}, "env.A=B", "Use letters, digits and underscores"),
    ("env", {"": "x"}, "env.", "Use letters, digits and underscores"),
    ("env", {"A": "a\x00b"}, "env.A", "Leave out control characters."),
    ("env", {"A": "\udc00"}, "env.A", "Leave out control characters."),
    ("env", {"A": "x" * 32_769}, "env.A", "Use a shorter text."),
    ("env", {"A": "\u20ac" * 30_000}, "env.A", "Keep the value under 64 kB."),
    ("env", {f"A{n}": "x" for n in range(101)}, "env", "Use fewer entries."),
    ("pod_overrides", {"metadata": {}}, "pod_overrides", "Use a text."),
    ("pod_overrides", "x" * 65_537, "pod_overrides", "Keep the YAML under 64 kB."),
    ("pod_spec", "a\x00", "pod_spec", "Leave out control characters."),
    ("cloned_from", 5, "cloned_from", "Use a text."),
    # what there is not
    ("profile", "gpu", "profile", "There is no such field; leave it out."),
    ("version", 1, "version", "There is no such field; leave it out."),
]


@pytest.mark.parametrize(
    ("field", "value", "path", "sentence"),
    WRONG,
    ids=[f"{one[2] or 'all'}-{number}" for number, one in enumerate(WRONG)],
)
def test_a_wrong_value_gets_a_sentence_at_its_path(
    field: str, value: Any, path: str, sentence: str
) -> None:
    fields = fields_of(**{field: value})
    assert path in fields
    assert fields[path].startswith(sentence)
    assert all(one.endswith(".") for one in fields.values())


def test_two_kinds_of_pod_yaml_exclude_each_other() -> None:
    fields = fields_of(pod_overrides="a: 1", pod_spec="b: 1")
    assert fields == {"": "Give pod_overrides or pod_spec, not both."}


def test_every_wrong_field_is_named_at_once() -> None:
    fields = fields_of(idle_timeout="900", drive=5, ports=[{"number": 0}], nonsense=1)
    assert set(fields) == {"idle_timeout", "drive", "ports.0.number", "nonsense"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("idle_timeout", 60),
        ("idle_timeout", -1),
        ("idle_timeout", 366 * 86_400),
        ("max_lifetime", 60),
        ("name", "x" * 40),
        ("name", "Überblick — 日本 🚀"),
        ("drive", "d"),
        ("drive", "d" * 40),
        pytest.param("drive", new_drive_id(), id="drive-id"),
        ("env", {"_A1": "", "b": "a\tb\nc"}),
        ("ports", [{"number": 1}, {"number": 65_535}]),
        ("visibility", {"level": "private"}),
        ("resources", {"gpu": 0}),
    ],
)
def test_values_at_the_bounds_are_taken(field: str, value: Any) -> None:
    stored = to_stored(parse_request({"environment": "python", field: value}))
    assert lift_stored(stored) == parse_request({"environment": "python", field: value})


def test_a_name_loses_the_blanks_around_it() -> None:
    assert parse_request({"environment": "python", "name": "  a b " + " " * 50}).name == "a b"


def test_deep_nesting_is_a_wrong_field_and_no_crash() -> None:
    deep: dict[str, Any] = {}
    for _ in range(200_000):
        deep = {"a": deep}
    assert fields_of(env=deep)["env.a"] == "Use a text."
    assert "choices.a" in fields_of(choices=deep)
    assert fields_of(more=deep)["more"] == "There is no such field; leave it out."


def test_a_key_that_is_no_text_is_refused() -> None:
    with pytest.raises(RequestError):
        parse_request({"environment": "python", 5: "x"})
    with pytest.raises(RequestError):
        parse_request({"environment": "python", "\ud800": "x"})


# Stored form and digest


def test_the_digest_does_not_depend_on_the_order_of_keys_or_on_defaults() -> None:
    one = parse_request({"environment": "python", "env": {"A": "1", "B": "2"}, "drive": "default"})
    other = parse_request(
        {"env": {"B": "2", "A": "1"}, "idle_timeout": 900, "environment": "python"}
    )
    assert digest_of(one) == digest_of(other)
    assert digest_of(one) != digest_of(parse_request({"environment": "python"}))


def test_the_digest_is_the_same_in_every_release() -> None:
    # Rows hold digests: one that changes refuses starts that wait.
    assert digest_of(parse_request({"environment": "python"})) == (
        "6ab0de3a217e93115875119d9322737dc13f09520a6e72c65a509f1aa3f82b37"
    )


@pytest.mark.parametrize("version", [None, 0, 2, "1", True, 1.0, [1]])
def test_a_stored_request_of_an_unknown_version_is_refused(version: object) -> None:
    with pytest.raises(RequestError) as refused:
        lift_stored({"version": version, "environment": "python"})
    assert list(refused.value.fields) == ["version"]


def test_a_stored_request_is_checked_like_any_other() -> None:
    with pytest.raises(RequestError) as refused:
        lift_stored({"version": 1, "environment": "python", "profile": "gpu", "drive": "A"})
    assert set(refused.value.fields) == {"profile", "drive"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FIELD = st.sampled_from([*LaunchRequest.model_fields, "as", "version", ""])


@given(st.dictionaries(FIELD | st.text(), JSON, max_size=6) | JSON)
def test_whatever_is_sent_is_taken_or_refused_with_sentences(data: Any) -> None:
    try:
        request = parse_request(data)
    except RequestError as error:
        sentences = list(error.fields.values())
    else:
        sentences = ["taken"]
        assert lift_stored(json.loads(json.dumps(to_stored(request)))) == request
    assert sentences
    assert all(text.strip() for text in sentences)


PLAIN = st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"]), max_size=40)


@given(
    name=PLAIN,
    idle=st.just(-1) | st.integers(60, 366 * 86_400),
    env=st.dictionaries(st.from_regex(r"[A-Z_]{1,9}", fullmatch=True), PLAIN, max_size=4),
    ports=st.lists(st.integers(1, 65_535), unique=True, max_size=5),
    drive=st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True),
    paths=st.lists(st.sampled_from(["a", "b/c", "data", "home"]), unique=True, max_size=3),
)
def test_a_request_survives_its_store_with_the_same_digest(
    name: str, idle: int, env: dict[str, str], ports: list[int], drive: str, paths: list[str]
) -> None:
    request = parse_request(
        {
            "environment": "python",
            "name": name,
            "idle_timeout": idle,
            "env": env,
            "ports": [{"number": number} for number in ports],
            "drive": drive,
            "extra_drives": [{"drive": drive, "path": path} for path in paths],
        }
    )
    lifted = lift_stored(json.loads(json.dumps(to_stored(request))))
    assert lifted == request
    assert digest_of(lifted) == digest_of(request)

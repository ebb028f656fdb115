"""A `profile_list` is read as KubeSpawner reads it; a bad entry is named."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_spawner.request.environments import (
    BadProfile,
    default_of,
    from_wire,
    read_profiles,
    slug_of,
)
from sessions_spawner.request.fields import ENVIRONMENT_NAME

KUBESPAWNER: list[dict[str, Any]] = [
    {
        "display_name": "Training Env - Python",
        "slug": "training-python",
        "description": "For the course.",
        "default": True,
        "kubespawner_override": {"image": "training/python:1", "cpu_limit": 1, "mem_limit": "512M"},
    },
    {
        "display_name": "Training Env - R",
        "kubespawner_override": {
            "image": "training/r:1",
            "cpu_limit": 0.5,
            "mem_limit": 1073741824,
        },
        "profile_options": {
            "image": {
                "display_name": "Image",
                "choices": {
                    "base": {"display_name": "Base", "kubespawner_override": {"image": "r:1"}},
                    "geo": {"display_name": "Geo", "default": True},
                },
                "unlisted_choice": {
                    "enabled": True,
                    "display_name": "Own",
                    "validation_regex": r"^training/.+:\d+$",
                    "kubespawner_override": {"image": "{value}"},
                },
            }
        },
    },
]


def test_a_kubespawner_list_works_unchanged() -> None:
    python, r = read_profiles(KUBESPAWNER)
    assert (python.name, python.title, python.is_default) == (
        "training-python",
        "Training Env - Python",
        True,
    )
    assert (python.image, python.cpu, python.memory) == ("training/python:1", "1", "512Mi")
    assert (r.name, r.cpu, r.memory) == ("training-env-r", "0.5", "1073741824")
    (image,) = r.choices
    assert image.values == {"base": "Base", "geo": "Geo"}
    assert image.default == "geo"
    assert image.unlisted is not None
    assert image.unlisted.fullmatch("training/own:7")
    assert not image.unlisted.fullmatch("mallory/own:7")


def test_what_people_see_of_an_environment_has_none_of_its_settings() -> None:
    profile = {"display_name": "A", "kubespawner_override": {"environment": {"TOKEN": "canary"}}}
    (environment,) = read_profiles([profile])
    assert environment.override == {"environment": {"TOKEN": "canary"}}
    assert "canary" not in json.dumps(environment.to_json())
    assert "TOKEN" not in json.dumps(environment.to_json())
    assert "canary" not in json.dumps(environment.to_wire())


def test_the_service_learns_which_variables_an_environment_sets_but_no_value() -> None:
    option = {
        "choices": {
            "x": {"kubespawner_override": {"environment": {"A": "canary", "B": None}}},
            "y": {},
        },
        "unlisted_choice": {
            "enabled": True,
            "kubespawner_override": {"environment": {"C": "canary{value}"}},
        },
    }
    (environment,) = read_profiles(
        [
            {
                "display_name": "A",
                "local_override": {"environment": {"D": "canary"}},
                "profile_options": {"o": option},
            }
        ]
    )
    told = json.dumps(environment.to_wire())
    assert "canary" not in told
    kept = from_wire(json.loads(told))
    assert kept.variables == {"D": True}
    assert kept.choices[0].variables == {"x": {"A": True, "B": False}, "y": {}}
    assert kept.choices[0].own_variables == {"C": True}


def test_environments_survive_the_way_to_the_service() -> None:
    for one in read_profiles(KUBESPAWNER):
        told = from_wire(json.loads(json.dumps(one.to_wire())))
        assert told == one
        assert told.to_json() == one.to_json()


def test_local_settings_go_before_a_clusters() -> None:
    (one,) = read_profiles(
        [
            {
                "display_name": "A",
                "local_override": {"mem_limit": "1G"},
                "kubespawner_override": {"mem_limit": "9G"},
            }
        ]
    )
    assert one.memory == "1Gi"


def test_sizes_that_are_no_limit_or_known_only_later_are_none() -> None:
    (one,) = read_profiles(
        [
            {
                "display_name": "A",
                "kubespawner_override": {
                    "cpu_limit": 0,
                    "mem_limit": lambda _spawner: "1G",
                    "image": lambda _spawner: "a",
                },
            }
        ]
    )
    assert (one.cpu, one.memory, one.image) == (None, None, None)


def test_the_default_is_the_one_that_says_so_else_the_first() -> None:
    listed = read_profiles(KUBESPAWNER)
    assert default_of(listed) is listed[0]
    assert default_of(reversed(listed)) is listed[0]
    assert default_of(listed[1:]) is listed[1]
    assert default_of([]) is None


def test_an_option_without_default_takes_its_first_choice() -> None:
    options: dict[str, Any] = {"size": {"choices": {"s": {}, "l": {}}}, "free": {}}
    (one,) = read_profiles([{"display_name": "A", "profile_options": options}])
    size, free = one.choices
    assert (size.title, size.default, size.values) == ("size", "s", {"s": "s", "l": "l"})
    assert (free.default, free.unlisted) == (None, None)


BAD: list[tuple[Any, str]] = [
    ({"display_name": "A"}, "has to be a list"),
    ("A", "has to be a list"),
    ([None], "entry 1 has to be a dictionary"),
    ([{"display_name": "A"}, "B"], "entry 2 has to be a dictionary"),
    ([{}], "entry 1 needs a ‘display_name’"),
    ([{"display_name": "A"}, {"display_name": "  "}], "entry 2 needs a ‘display_name’"),
    ([{"display_name": 5}], "entry 1 needs a ‘display_name’"),
    ([{"display_name": "日本"}], "‘日本’ needs a ‘slug’"),
    ([{"display_name": "A", "slug": "a b"}], "‘A’ needs a ‘slug’"),
    ([{"display_name": "A", "slug": "a/../b"}], "‘A’ needs a ‘slug’"),
    ([{"display_name": "A"}, {"display_name": "a"}], "the name ‘a’ twice"),
    ([{"display_name": "A", "kubespawner_override": "x"}], "‘A’, kubespawner_override: has to be"),
    ([{"display_name": "A", "local_override": ["x"]}], "‘A’, local_override: has to be"),
    ([{"display_name": "A", "profile_options": ["x"]}], "‘A’, profile_options: has to be"),
    ([{"display_name": "A", "profile_options": {"o": "x"}}], "‘A’, o: has to be"),
    (
        [{"display_name": "A", "profile_options": {"o": {"choices": ["x"]}}}],
        "‘A’, o: has to be",
    ),
    (
        [{"display_name": "A", "profile_options": {"o": {"choices": {"x": "y"}}}}],
        "‘A’, o.x: has to be",
    ),
    (
        [
            {
                "display_name": "A",
                "profile_options": {
                    "o": {"unlisted_choice": {"enabled": True, "validation_regex": "("}}
                },
            }
        ],
        "‘A’, o.unlisted_choice.validation_regex",
    ),
    (
        [{"display_name": "A", "local_override": {"cpu_limits": 2}}],
        "‘A’, local_override: there is no setting ‘cpu_limits’; use executable, python",
    ),
    (
        [{"display_name": "A", "local_override": {"executable": []}}],
        "‘A’, executable: has to be a path or a list of texts",
    ),
    (
        [{"display_name": "A", "local_override": {"executable": ["/bin/sh", 5]}}],
        "‘A’, executable: has to be a path or a list of texts",
    ),
    (
        [{"display_name": "A", "local_override": {"python": ["/bin/python"]}}],
        "‘A’, python: has to be a path",
    ),
    (
        [{"display_name": "A", "kubespawner_override": {"environment": ["A=1"]}}],
        "‘A’, environment: has to be a dictionary",
    ),
    (
        [
            {
                "display_name": "A",
                "profile_options": {
                    "o": {"choices": {"x": {"kubespawner_override": {"mem_limit": "much"}}}}
                },
            }
        ],
        "‘A’, o.x.mem_limit: Use a Kubernetes quantity",
    ),
    (
        [
            {
                "display_name": "A",
                "profile_options": {"o": {"choices": {"x": {"local_override": {"image": "a"}}}}},
            }
        ],
        "‘A’, o.x.local_override: there is no setting ‘image’",
    ),
    (
        [{"display_name": "A", "kubespawner_override": {"mem_limit": "much"}}],
        "‘A’, mem_limit: Use a Kubernetes quantity",
    ),
    (
        [{"display_name": "A", "kubespawner_override": {"cpu_limit": -1}}],
        "‘A’, cpu_limit: Use a Kubernetes quantity",
    ),
]


@pytest.mark.parametrize(("profiles", "sentence"), BAD)
def test_a_bad_entry_is_named_with_what_is_wrong(profiles: Any, sentence: str) -> None:
    with pytest.raises(BadProfile, match=sentence.replace("(", r"\(")):
        read_profiles(profiles)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Python 3.12", "python-3-12"),
        ("  Größe: XL!! ", "grosse-xl"),
        ("Über", "uber"),
        ("a--b", "a-b"),
        ("日本", ""),
    ],
)
def test_a_title_becomes_a_slug(title: str, slug: str) -> None:
    assert slug_of(title) == slug


@given(st.text(max_size=300))
def test_a_slug_is_a_name_that_requests_can_use(title: str) -> None:
    slug = slug_of(title)
    assert not slug or ENVIRONMENT_NAME.fullmatch(slug)
    assert slug_of(slug) == slug

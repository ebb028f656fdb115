"""What a request attaches: each secret's variables and folder, each instance's port."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_spawner.request import parse_request
from sessions_spawner.request.attached import (
    NotOffered,
    attached_instances,
    attached_secrets,
    require_offered,
)
from sessions_spawner.request.offer_settings import read_offers
from sessions_spawner.request.paths import is_inside

OFFERS = read_offers(
    secrets={"s3": {"env": {"S3_KEY": "key"}, "files": True}, "ssh": {"path": "keys"}},
    service_accounts={"reader": {}},
    cloud_sql={
        "p:r:one": {"variables": "PG", "user": "app", "database": "shop"},
        "p:r:two": {"credentials": "other"},
        "p:r:three": {"engine": "mysql"},
    },
    own_ports=(8888,),
)


def attach(**fields: Any) -> Any:
    """Return a request with these fields."""
    return parse_request({"environment": "python", **fields})


@pytest.mark.parametrize(
    ("way", "env", "folder"),
    [
        ("env", {"S3_KEY": "key"}, None),
        ("files", {}, "secrets/s3"),
        ("both", {"S3_KEY": "key"}, "secrets/s3"),
    ],
)
def test_a_secret_comes_in_the_way_that_was_chosen(
    way: str, env: dict[str, str], folder: str | None
) -> None:
    (one,) = attached_secrets(attach(secrets=[{"name": "s3", "as": way}]), OFFERS)
    assert (one.env, one.folder) == (env, folder)


def test_a_path_of_ones_own_goes_before_the_offers() -> None:
    asked = [{"name": "ssh", "as": "files", "path": "my/keys"}, {"name": "s3"}]
    ssh, s3 = attached_secrets(attach(secrets=asked), OFFERS)
    assert (ssh.folder, s3.folder) == ("my/keys", None)
    assert (ssh.place, s3.place) == (0, 1)


def test_instances_without_ports_count_up_past_what_is_taken() -> None:
    request = attach(
        cloud_sql=[
            {"instance": "p:r:one"},
            {"instance": "p:r:two"},
            {"instance": "p:r:three", "port": 5433},
        ],
        ports=[{"number": 5432}],
    )
    found = attached_instances(request, OFFERS)
    assert [one.port for one in found] == [5434, 5435, 5433]


def test_connection_variables_follow_the_setting_and_the_port() -> None:
    request = attach(cloud_sql=[{"instance": "p:r:one", "port": 7000}, {"instance": "p:r:two"}])
    one, two = attached_instances(request, OFFERS)
    assert one.env == {
        "PGHOST": "127.0.0.1",
        "PGPORT": "7000",
        "PGUSER": "app",
        "PGDATABASE": "shop",
    }
    assert two.env == {}


@pytest.mark.parametrize(
    "fields",
    [
        {"secrets": [{"name": "s3"}, {"name": "other"}]},
        {"cloud_sql": [{"instance": "p:r:other"}]},
        {"service_account": "other"},
        {"resources": {"gpu": 1}},
    ],
)
def test_what_is_not_offered_is_never_left_out_silently(fields: dict[str, Any]) -> None:
    with pytest.raises(NotOffered, match=r"offered to the owner of this session\."):
        require_offered(attach(**fields), OFFERS)


def test_what_is_offered_may_be_attached() -> None:
    fields: dict[str, Any] = {
        "secrets": [{"name": "s3"}],
        "cloud_sql": [{"instance": "p:r:one"}],
        "service_account": "reader",
        "resources": {"cpu": "1", "gpu": 0},
    }
    require_offered(attach(**fields), OFFERS)


@pytest.mark.parametrize(
    ("path", "folder", "answer"),
    [("a", "a", True), ("a/b", "a", True), ("ab", "a", False), ("a", "a/b", False)],
)
def test_a_path_is_inside_a_folder_by_its_parts(path: str, folder: str, answer: bool) -> None:
    assert is_inside(path, folder) is answer


PORTS = st.none() | st.integers(1024, 1030) | st.just(9801) | st.integers(5432, 5436)


@given(
    st.lists(PORTS, min_size=3, max_size=3),
    st.lists(st.integers(1024, 1030) | st.integers(5430, 5440), unique=True, max_size=5),
    st.lists(st.integers(5432, 5440), max_size=3),
)
def test_a_port_that_was_not_chosen_is_always_free(
    chosen: list[int | None], opened: list[int], own: list[int]
) -> None:
    offers = read_offers(
        cloud_sql={name: {"credentials": name[-1]} for name in ("p:r:a", "p:r:b", "p:r:c")},
        cloud_sql_proxy={"health_port": 5434},
        own_ports=own,
    )
    asked = [
        {"instance": name, "port": port}
        for name, port in zip(offers.cloud_sql, chosen, strict=True)
    ]
    request = attach(cloud_sql=asked, ports=[{"number": number} for number in opened])
    found = attached_instances(request, offers)
    free = [one.port for one, port in zip(found, chosen, strict=True) if port is None]
    assert len(set(free)) == len(free)
    assert not set(free) & {*opened, *own, 5434, 5435, 5436, *(c for c in chosen if c)}

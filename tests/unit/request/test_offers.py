"""The administrator's offers are read from plain settings; a bad one says what to change."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_spawner.request.offer_settings import read_offers
from sessions_spawner.request.offers import (
    NO_OFFERS,
    AccountOffer,
    BadOffer,
    GpuOffer,
    InstanceOffer,
    Offers,
    SecretOffer,
)

DB = "shop:europe-west1:main"


def test_nothing_is_offered_by_default() -> None:
    assert read_offers() == NO_OFFERS == Offers()


def test_a_secret_without_settings_is_offered_as_files_in_a_folder_of_its_name() -> None:
    empty: tuple[dict[str, Any] | None, ...] = (None, {})
    for settings in empty:
        assert read_offers(secrets={"s3": settings}).secrets == {
            "s3": SecretOffer("s3", "s3", secret="s3", path="secrets/s3")
        }


def test_a_secret_takes_its_settings() -> None:
    settings = {
        "title": "Object store",
        "description": "Of the team",
        "groups": ["ml", "ml", "data"],
        "secret": "s3-credentials",
        "env": {"AWS_ACCESS_KEY_ID": "id"},
        "keys": ["id", "token.txt"],
        "path": "keys//s3/",
        "mode": 0o400,
    }
    assert read_offers(secrets={"s3": settings}).secrets["s3"] == SecretOffer(
        "s3",
        "Object store",
        "Of the team",
        ("ml", "data"),
        secret="s3-credentials",
        env={"AWS_ACCESS_KEY_ID": "id"},
        keys=("id", "token.txt"),
        files=True,
        path="keys/s3",
        mode=0o400,
    )


@pytest.mark.parametrize(
    ("settings", "ways"),
    [
        ({}, ("files",)),
        ({"keys": ["a"]}, ("files",)),
        ({"env": {"A": "a"}}, ("env",)),
        ({"env": {"A": "a"}, "files": False}, ("env",)),
        ({"env": {"A": "a"}, "files": True}, ("env", "files", "both")),
        ({"env": {"A": "a"}, "path": "x"}, ("env", "files", "both")),
        ({"env": {"A": "a"}, "mode": 0o444}, ("env", "files", "both")),
        ({"env": False}, ("files",)),
    ],
)
def test_a_secret_is_offered_in_the_ways_that_its_settings_speak_of(
    settings: dict[str, Any], ways: tuple[str, ...]
) -> None:
    assert read_offers(secrets={"s": settings}).secrets["s"].ways == ways


def test_keys_become_variables_of_their_names() -> None:
    found = read_offers(secrets={"s": {"env": True, "keys": ["USER_NAME", "TOKEN"]}})
    assert found.secrets["s"].env == {"USER_NAME": "USER_NAME", "TOKEN": "TOKEN"}


def test_an_instance_takes_its_settings() -> None:
    found = read_offers(
        service_accounts={"shop-reader": {"groups": ["shop"]}},
        cloud_sql={
            DB: {
                "title": "Shop",
                "groups": ["shop"],
                "engine": "mysql",
                "private_ip": True,
                "iam_login": True,
                "credentials": "shop-key",
                "service_account": "shop-reader",
                "variables": "SHOP_",
                "user": "reader",
                "database": "shop",
            },
            "example.org:shop:europe-west1:old": {"port": 6000},
        },
    )
    assert found.service_accounts["shop-reader"] == AccountOffer(
        "shop-reader", "shop-reader", groups=("shop",)
    )
    assert found.cloud_sql[DB] == InstanceOffer(
        DB,
        "Shop",
        groups=("shop",),
        engine="mysql",
        port=3306,
        private_ip=True,
        iam_login=True,
        credentials="shop-key",
        service_account="shop-reader",
        variables="SHOP_",
        user="reader",
        database="shop",
    )
    old = found.cloud_sql["example.org:shop:europe-west1:old"]
    assert (old.engine, old.port, old.variables) == ("postgres", 6000, None)


def test_gpus_and_the_proxy_take_their_settings() -> None:
    found = read_offers(
        gpu={"resource": "nvidia.com/gpu", "most": 4},
        cloud_sql_proxy={"image": "quay.io/x:2", "health_port": 9000, "memory": "64Mi"},
    )
    assert found.gpu == GpuOffer("nvidia.com/gpu", 4)
    proxy = found.cloud_sql_proxy
    assert (proxy.image, proxy.health_port, proxy.memory, proxy.cpu) == (
        "quay.io/x:2",
        9000,
        "64Mi",
        None,
    )


BAD: list[tuple[dict[str, Any], str]] = [
    ({"secrets": ["s3"]}, "secrets has to be a dictionary of names and their settings."),
    ({"secrets": {"S3": {}}}, "secrets entry ‘S3’: has to be called like a Kubernetes name."),
    ({"secrets": {7: {}}}, "secrets entry ‘7’: has to be called like a Kubernetes name."),
    ({"secrets": {"a..b": {}}}, "secrets entry ‘a..b’: has to be called like a Kubernetes name."),
    ({"secrets": {"s": "x"}}, "secrets entry ‘s’: has to be a dictionary."),
    (
        {"secrets": {"s": {"group": ["a"]}}},
        (
            "secrets entry ‘s’: there is no setting ‘group’; use title, description, groups, "
            "secret, env, keys, files, path, mode."
        ),
    ),
    (
        {"secrets": {"s": {"groups": "ml"}}},
        "secrets entry ‘s’, groups: has to be a list of texts.",
    ),
    ({"secrets": {"s": {"groups": [1]}}}, "secrets entry ‘s’, groups: has to be a list of texts."),
    (
        {"secrets": {"s": {"title": "a\nb"}}},
        "secrets entry ‘s’, title: has to be a text of one line.",
    ),
    (
        {"secrets": {"s": {"secret": "No"}}},
        "secrets entry ‘s’, secret: ‘No’ is no name of a Kubernetes object.",
    ),
    (
        {"secrets": {"s": {"keys": ["../x"]}}},
        "secrets entry ‘s’, keys: ‘../x’ is no key of a Secret.",
    ),
    ({"secrets": {"s": {"keys": [".."]}}}, "secrets entry ‘s’, keys: ‘..’ is no key of a Secret."),
    (
        {"secrets": {"s": {"env": True}}},
        "secrets entry ‘s’, env: is True, so ‘keys’ has to list the keys.",
    ),
    (
        {"secrets": {"s": {"env": True, "keys": ["a.b"]}}},
        "secrets entry ‘s’, keys: ‘a.b’ is no name of a variable.",
    ),
    (
        {"secrets": {"s": {"env": ["A"]}}},
        "secrets entry ‘s’, env: has to be a dictionary of variables and keys, or True.",
    ),
    (
        {"secrets": {"s": {"env": {"A-B": "a"}}}},
        "secrets entry ‘s’, env: ‘A-B’ is no name of a variable.",
    ),
    (
        {"secrets": {"s": {"env": {"A": "a"}, "keys": ["b"]}}},
        "secrets entry ‘s’, env: names the key ‘a’, which ‘keys’ does not list.",
    ),
    ({"secrets": {"s": {"files": 1}}}, "secrets entry ‘s’, files: has to be True or False."),
    (
        {"secrets": {"s": {"files": False}}},
        "secrets entry ‘s’, files: has to be True where no variables are offered.",
    ),
    (
        {"secrets": {"s": {"path": "/etc"}}},
        "secrets entry ‘s’, path: Use a path inside the home folder, without a slash in front.",
    ),
    (
        {"secrets": {"s": {"path": ".ssh"}}},
        "secrets entry ‘s’, path: Leave out folders whose name starts with a dot.",
    ),
    (
        {"secrets": {"s": {"mode": 444}}},
        "secrets entry ‘s’, mode: has to be like 0o400 or 0o444, since nobody writes there.",
    ),
    (
        {"secrets": {"s": {"mode": 0o460}}},
        "secrets entry ‘s’, mode: has to be like 0o400 or 0o444, since nobody writes there.",
    ),
    (
        {"secrets": {"s": {"mode": True}}},
        "secrets entry ‘s’, mode: has to be like 0o400 or 0o444, since nobody writes there.",
    ),
    (
        {"service_accounts": {"a": {"env": True}}},
        "service_accounts entry ‘a’: there is no setting ‘env’; use title, description, groups.",
    ),
    (
        {"billing_projects": {"ml q4": {}}},
        (
            "billing_projects entry ‘ml q4’: has to be called like the value of a label: up to 63 "
            "letters, digits, dots, hyphens and underscores."
        ),
    ),
    (
        {"billing_projects": {"ml---q4": {}}},
        (
            "billing_projects entry ‘ml---q4’: has to be called like the value of a label: up to "
            "63 letters, digits, dots, hyphens and underscores."
        ),
    ),
    (
        {"billing_projects": {"ml-q4": {"budget": 500}}},
        (
            "billing_projects entry ‘ml-q4’: there is no setting ‘budget’; use title, description, "
            "groups."
        ),
    ),
    (
        {"cloud_sql": {"main": {}}},
        "cloud_sql entry ‘main’: has to be called like project:region:instance.",
    ),
    (
        {"cloud_sql": {f"{DB}?port=1": {}}},
        f"cloud_sql entry ‘{DB}?port=1’: has to be called like project:region:instance.",
    ),
    (
        {"cloud_sql": {DB: {"engine": "oracle"}}},
        f"cloud_sql entry ‘{DB}’, engine: has to be one of postgres, mysql, sqlserver.",
    ),
    (
        {"cloud_sql": {DB: {"port": 443}}},
        f"cloud_sql entry ‘{DB}’, port: has to be a whole number from 1024 to 65000.",
    ),
    (
        {"cloud_sql": {DB: {"variables": "1"}}},
        f"cloud_sql entry ‘{DB}’, variables: ‘1’ is no name of a variable.",
    ),
    (
        {"cloud_sql": {DB: {"credentials_key": "a/b"}}},
        f"cloud_sql entry ‘{DB}’, credentials_key: ‘a/b’ is no key of a Secret.",
    ),
    (
        {"cloud_sql": {DB: {"service_account": "x"}}},
        (
            f"cloud_sql entry ‘{DB}’, service_account: ‘x’ is not in service_accounts; offer it "
            "there too."
        ),
    ),
    (
        {
            "cloud_sql": {DB: {"service_account": "x"}},
            "service_accounts": {"x": {"groups": ["a"]}},
        },
        (
            f"cloud_sql entry ‘{DB}’, service_account: ‘x’ is offered to fewer groups than the "
            "instance; give both the same groups."
        ),
    ),
    (
        {
            "cloud_sql": {DB: {"service_account": "x", "groups": ["a", "b"]}},
            "service_accounts": {"x": {"groups": ["a"]}},
        },
        (
            f"cloud_sql entry ‘{DB}’, service_account: ‘x’ is offered to fewer groups than the "
            "instance; give both the same groups."
        ),
    ),
    (
        {"images": "quay.io/*"},
        "images has to be a list of patterns such as registry.example.org/team/*.",
    ),
    (
        {"images": ["jupyter/*"]},
        (
            "images: ‘jupyter/*’ is no pattern of images; write it like registry.example.org/team/*"
            ", with its host."
        ),
    ),
    (
        {"gpu": {"resource": "gpu"}},
        "gpu, resource: has to be a resource's name such as nvidia.com/gpu.",
    ),
    (
        {"gpu": {"resource": "x.kubernetes.io/gpu"}},
        "gpu, resource: has to be a resource's name such as nvidia.com/gpu.",
    ),
    (
        {"gpu": {"resource": "nvidia.com/gpu", "most": 0}},
        "gpu, most: has to be a whole number from 1 to 64.",
    ),
    (
        {"cloud_sql_proxy": {"image": "X"}},
        "cloud_sql_proxy, image: Use a form like registry.example.org/team/image:1.2.",
    ),
    (
        {"cloud_sql_proxy": {"cpu": "much"}},
        "cloud_sql_proxy, cpu: Use a Kubernetes quantity such as 500m, 2 or 4Gi.",
    ),
]


@pytest.mark.parametrize(("settings", "sentence"), BAD)
def test_a_bad_setting_names_the_entry_and_what_to_change(
    settings: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(BadOffer) as refused:
        read_offers(**settings)
    assert str(refused.value) == sentence


def test_an_offer_is_there_for_its_groups_and_without_groups_for_everybody() -> None:
    offers = read_offers(
        secrets={"all": {}, "empty": {"groups": []}, "ml": {"groups": ["ml", "ops"]}},
        service_accounts={"ml": {"groups": ["ml"]}},
        cloud_sql={DB: {"groups": ["ml"]}},
        billing_projects={"ml-q4": {"groups": ["ml"]}, "common": {}},
        images=["quay.io/*"],
        gpu={"resource": "nvidia.com/gpu"},
    )
    stranger = offers.for_groups(["other"])
    assert list(stranger.secrets) == ["all", "empty"]
    assert (dict(stranger.service_accounts), dict(stranger.cloud_sql)) == ({}, {})
    assert list(stranger.billing_projects) == ["common"]
    assert (stranger.images, stranger.gpu) == (offers.images, offers.gpu)
    assert offers.for_groups(["x", "ml"]) == offers
    assert list(offers.for_groups([]).secrets) == ["all", "empty"]


def test_people_are_told_names_and_descriptions_alone() -> None:
    settings = {"title": "Store", "description": "Of the team", "secret": "s3-x", "groups": ["ml"]}
    (offer,) = read_offers(secrets={"s3": settings}).secrets.values()
    assert offer.to_json() == {"id": "s3", "name": "Store", "description": "Of the team"}


NAMES = st.from_regex(re.compile(r"[a-z][a-z0-9]{0,5}", re.ASCII), fullmatch=True)
SHOWN = {
    "title": st.text("abc é", min_size=1, max_size=5),
    "description": st.text("abc", max_size=5),
    "groups": st.lists(NAMES, max_size=3),
}
SECRETS = st.fixed_dictionaries(
    {},
    optional={
        **SHOWN,
        "secret": NAMES,
        "env": st.dictionaries(st.sampled_from("ABC"), NAMES, max_size=3) | st.just(False),
        "files": st.just(True),
        "path": st.sampled_from(["a", "a/b"]),
        "mode": st.sampled_from([0o400, 0o440, 0o444, 0o555]),
    },
) | st.fixed_dictionaries({"env": st.just(True), "keys": st.lists(NAMES, min_size=1, max_size=3)})
INSTANCES = st.fixed_dictionaries(
    {},
    optional={
        **SHOWN,
        "engine": st.sampled_from(["postgres", "mysql", "sqlserver"]),
        "port": st.integers(1024, 65_000),
        "private_ip": st.booleans(),
        "iam_login": st.booleans(),
        "credentials": NAMES,
        "credentials_key": NAMES,
        "variables": st.sampled_from(["PG", "DB_"]),
        "user": NAMES,
        "database": NAMES,
    },
)
SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "secrets": st.dictionaries(NAMES, SECRETS, max_size=3),
        "service_accounts": st.dictionaries(NAMES, st.fixed_dictionaries({}, optional=SHOWN)),
        "billing_projects": st.dictionaries(NAMES, st.fixed_dictionaries({}, optional=SHOWN)),
        "cloud_sql": st.dictionaries(
            st.sampled_from([DB, "a:b:c", "org:a:b:c"]), INSTANCES, max_size=3
        ),
        "images": st.lists(st.sampled_from(["quay.io/*", "*/x:1@sha256:*"]), max_size=2),
        "gpu": st.none() | st.just({"resource": "amd.com/gpu", "most": 2}),
        "cloud_sql_proxy": st.fixed_dictionaries(
            {}, optional={"cpu": st.just("100m"), "health_port": st.just(9000)}
        ),
        "own_ports": st.lists(st.integers(1024, 9000), max_size=2),
    },
)


@given(SETTINGS)
def test_any_offers_travel_as_json_and_come_back_the_same(settings: dict[str, Any]) -> None:
    offers = read_offers(**settings)
    assert read_offers(**json.loads(json.dumps(offers.to_wire()))) == offers

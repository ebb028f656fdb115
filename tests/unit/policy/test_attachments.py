"""What may be attached is what is offered to the owner; the rest is refused with one sentence."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_spawner.policy import Facts, check
from sessions_spawner.policy.attachments import NO_UDP
from sessions_spawner.request import parse_request
from sessions_spawner.request.environments import Environment
from sessions_spawner.request.offer_settings import read_offers
from sessions_spawner.request.offers import Offers

ALL = read_offers(
    secrets={
        "s3": {"env": {"S3_KEY": "key"}},
        "ssh": {},
        "db": {"env": {"DB_PASSWORD": "password"}, "files": True},
        "ops-only": {"groups": ["ops"]},
    },
    service_accounts={"reader": {}, "ops-only": {"groups": ["ops"]}},
    cloud_sql={
        "p:r:open": {"variables": "PG"},
        "p:r:named": {"service_account": "reader"},
        "p:r:ops": {"groups": ["ops"]},
    },
    billing_projects={"ml-q4": {}, "ops-only": {"groups": ["ops"]}},
    images=["quay.io/team/*", "docker.io/python:3.*"],
    gpu={"resource": "nvidia.com/gpu", "most": 2},
    own_ports=(8888,),
)
OFFERS = ALL.for_groups(["people"])


def refused(
    request: dict[str, Any], offers: Offers = OFFERS, unsupported: dict[str, str] | None = None
) -> dict[str, str]:
    """Return field → sentence of what the rules refuse."""
    facts = Facts(
        {"python": Environment("python", "Python")},
        unsupported or {},
        offers=offers,
        rights=frozenset({"custom-image"}),
    )
    found = check(parse_request({"environment": "python", **request}), facts)
    assert all(one.message.endswith(".") for one in found)
    return {one.field: one.message for one in found}


def test_what_is_offered_is_allowed() -> None:
    request = {
        "secrets": [{"name": "s3"}, {"name": "ssh", "as": "files"}, {"name": "db", "as": "both"}],
        "service_account": "reader",
        "billing_project": "ml-q4",
        "cloud_sql": [{"instance": "p:r:open", "port": 6543}, {"instance": "p:r:named"}],
        "image": "quay.io/team/x:1",
        "resources": {"gpu": 2},
        "ports": [{"number": 8080, "name": "web"}, {"number": 65_535}],
    }
    assert refused(request) == {}


@pytest.mark.parametrize(
    ("field", "theirs", "nobodys"),
    [
        (
            "secrets.0.name",
            {"secrets": [{"name": "ops-only"}]},
            {"secrets": [{"name": "ops-none"}]},
        ),
        ("service_account", {"service_account": "ops-only"}, {"service_account": "ops-none"}),
        ("billing_project", {"billing_project": "ops-only"}, {"billing_project": "ops-none"}),
        (
            "cloud_sql.0.instance",
            {"cloud_sql": [{"instance": "p:r:ops"}]},
            {"cloud_sql": [{"instance": "p:r:xyz"}]},
        ),
    ],
)
def test_what_is_offered_to_others_answers_like_what_does_not_exist(
    field: str, theirs: dict[str, Any], nobodys: dict[str, Any]
) -> None:
    first, second = refused(theirs), refused(nobodys)
    assert list(first) == list(second) == [field]
    hidden = {"ops-only": "?", "ops-none": "?", "p:r:ops": "?", "p:r:xyz": "?"}
    for name, sign in hidden.items():
        first[field] = first[field].replace(name, sign)
        second[field] = second[field].replace(name, sign)
    assert first == second
    assert "is offered to you; choose one that is listed." in first[field]
    assert refused(theirs, ALL) != first


def test_further_wrong_choices_tell_nothing_of_what_is_not_offered() -> None:
    """A way, a path, a port or a needed account would answer for an instance that is there."""
    for name in ("ops-only", "ops-none"):
        secret = {"name": name, "as": "env", "path": "x"}
        assert list(refused({"secrets": [secret]})) == ["secrets.0.name"]
    for instance in ("p:r:ops", "p:r:xyz"):
        asked = [{"instance": instance, "port": 9801}]
        assert list(refused({"cloud_sql": asked})) == ["cloud_sql.0.instance"]


@pytest.mark.parametrize(
    ("secret", "found"),
    [
        ({"name": "s3", "as": "files"}, {"secrets.0.as": "This secret is offered as ‘env’."}),
        ({"name": "s3", "as": "both"}, {"secrets.0.as": "This secret is offered as ‘env’."}),
        ({"name": "ssh"}, {"secrets.0.as": "This secret is offered as ‘files’."}),
        ({"name": "db", "as": "files", "path": "x"}, {}),
        (
            {"name": "db", "path": "x"},
            {"secrets.0.path": "Variables have no path; leave it out, or choose ‘files’."},
        ),
    ],
)
def test_a_secret_comes_in_the_ways_that_are_offered(
    secret: dict[str, Any], found: dict[str, str]
) -> None:
    assert refused({"secrets": [secret]}) == found


@pytest.mark.parametrize("account", [None, "other"])
def test_an_instance_that_needs_an_account_says_which(account: str | None) -> None:
    request: dict[str, Any] = {"cloud_sql": [{"instance": "p:r:named"}]}
    if account is not None:
        request["service_account"] = account
    assert refused(request)["service_account"] == (
        "The Cloud SQL instance ‘p:r:named’ needs the service account ‘reader’; choose it."
    )


@pytest.mark.parametrize(
    "image",
    ["quay.io/teams/x", "team/x", f"python:3.1@sha256:{'0' * 64}", "python:2", "quay.io/x"],
)
def test_an_image_that_fits_no_pattern_is_refused_with_what_does(image: str) -> None:
    assert refused({"image": image})["image"].endswith(
        "is not allowed here. Use one like: quay.io/team/*, docker.io/python:3.*."
    )


def test_an_image_is_judged_by_what_will_be_pulled() -> None:
    assert refused({"image": "python:3.11"}) == {}
    assert refused({"image": "index.docker.io/library/python:3.11"}) == {}
    assert refused({"image": "quay.io/team/" + "x" * 251}) == {
        "image": "Use a form like registry.example.org/team/image:1.2."
    }


def test_without_patterns_no_image_is_allowed() -> None:
    assert refused({"image": "quay.io/team/x"}, Offers()) == {
        "image": "No images of one's own are allowed here; leave it out."
    }


@pytest.mark.parametrize(
    ("count", "offers", "sentence"),
    [
        (2, OFFERS, None),
        (3, OFFERS, "Ask for 2 or less."),
        (0, Offers(), None),
        (1, Offers(), "No GPUs are offered here; leave it out."),
    ],
)
def test_gpus_are_bounded_by_what_is_offered(
    count: int, offers: Offers, sentence: str | None
) -> None:
    found = refused({"resources": {"gpu": count}}, offers)
    assert found == ({"resources.gpu": sentence} if sentence else {})


@pytest.mark.parametrize(
    ("ports", "found"),
    [
        ([{"number": 1024}], {}),
        ([{"number": 1023}], {"ports.0.number": "Choose a port from 1024 to 65535."}),
        (
            [{"number": 8080}, {"number": 8888}],
            {"ports.1.number": "8888 is taken by the session itself. Choose another port."},
        ),
        (
            [{"number": 2000, "name": "a"}, {"number": 2001, "name": "a"}],
            {
                "ports.0.name": "‘a’ is there twice; choose another name.",
                "ports.1.name": "‘a’ is there twice; choose another name.",
            },
        ),
        (
            [{"number": 2000}, {"number": 2001, "name": "port-2000"}],
            {
                "ports.0.name": "‘port-2000’ is there twice; choose another name.",
                "ports.1.name": "‘port-2000’ is there twice; choose another name.",
            },
        ),
        *(
            (
                [{"number": 2000, "name": name}],
                {
                    "ports.0.name": "Use lower case letters, digits and hyphens, with no hyphen "
                    "at an end."
                },
            )
            for name in ("Web", "a_b", "-a", "a-", "a b", "é")
        ),
        ([{"number": 2000, "name": "a" * 63}], {}),
    ],
)
def test_ports_are_those_that_a_program_can_open(
    ports: list[dict[str, Any]], found: dict[str, str]
) -> None:
    assert refused({"ports": ports}) == found


def test_a_port_of_a_database_is_one_that_its_proxy_can_open() -> None:
    asked = [{"instance": "p:r:open", "port": 80}]
    assert refused({"cloud_sql": asked}) == {
        "cloud_sql.0.port": "Choose a port from 1024 to 65535."
    }


def test_where_sessions_cannot_have_these_at_all_that_is_the_only_answer() -> None:
    request = {
        "secrets": [{"name": "x", "as": "both", "path": "x"}],
        "service_account": "x",
        "cloud_sql": [{"instance": "p:r:x", "port": 1}],
        "image": "x",
        "resources": {"gpu": 1},
        "ports": [{"number": 1, "name": "-"}],
    }
    unsupported = dict.fromkeys(
        ("secrets", "service_account", "cloud_sql", "image", "resources.gpu", "ports"), "Not here."
    )
    assert refused(request, unsupported=unsupported) == unsupported


def test_udp_needs_the_administrators_setting() -> None:
    ports = [{"number": 8080}, {"number": 5353, "protocol": "UDP"}]
    closed = {"ports.1.protocol": NO_UDP}
    assert refused({"ports": ports}) == closed
    assert refused({"ports": ports}, read_offers(**read_offers().to_wire())) == closed
    opened = read_offers(**read_offers(udp=True).to_wire())
    assert refused({"ports": ports}, opened) == {}
    assert refused({"ports": ports}, unsupported={"ports": "Not here."}) == {"ports": "Not here."}

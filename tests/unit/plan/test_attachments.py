"""What is attached comes into the plan, and a session without any of it has the plan it had."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from sessions_spawner.plan import (
    Mount,
    OpenPort,
    Plan,
    PlanConflict,
    PlanFacts,
    Probe,
    SecretFolder,
    SecretKey,
    Sidecar,
    find_conflict,
    layers_of,
    make_plan,
)
from sessions_spawner.request import parse_request
from sessions_spawner.request.attached import NotOffered
from sessions_spawner.request.environments import Environment
from sessions_spawner.request.offer_settings import read_offers
from sessions_spawner.request.offers import NO_OFFERS, Offers

OFFERS = read_offers(
    secrets={
        "s3": {"secret": "s3-ml", "env": {"S3_KEY": "key"}, "files": True, "keys": ["key", "ca"]},
        "ssh": {"path": "keys/ssh", "mode": 0o400},
    },
    service_accounts={"reader": {}},
    billing_projects={"ml-q4": {}},
    cloud_sql={
        "p:r:one": {"variables": "PG", "iam_login": True, "private_ip": True, "user": "anna"},
        "p:r:two": {"engine": "mysql"},
        "p:r:keyed": {"credentials": "sql-key", "credentials_key": "key.json"},
    },
    images=["docker.io/*"],
    gpu={"resource": "nvidia.com/gpu", "most": 4},
    cloud_sql_proxy={"image": "quay.io/proxy:2", "cpu": "50m", "memory": "64Mi"},
    own_ports=(8888,),
)
ENVIRONMENT = Environment("python", "Python")


def make(
    offers: Offers = OFFERS,
    owner: str | None = None,
    environment: Environment = ENVIRONMENT,
    **request: Any,
) -> Plan:
    """Return the plan of a request with these fields."""
    parsed = parse_request({"environment": "python", **request})
    layers = layers_of(parsed, environment)
    drives = {"default": "dhome", "data": "ddata"}
    return make_plan(parsed, PlanFacts("sid", "calm-heron", layers, drives, "url", offers, owner))


WITHOUT: list[Mapping[str, Any]] = [
    {},
    {"env": {"A": "1"}, "resources": {"cpu": "1"}, "name": "x", "idle_timeout": -1},
    {"extra_drives": [{"drive": "data", "path": "in", "read_only": True}]},
]


@pytest.mark.parametrize("request_", WITHOUT)
def test_a_request_that_attaches_nothing_has_the_plan_that_it_had(
    request_: Mapping[str, Any],
) -> None:
    plan = make(**request_)
    assert plan == make(NO_OFFERS, **request_)
    assert plan == Plan(
        settings={"cpu": "1"} if "resources" in request_ else {},
        env={
            "SESSIONS_ID": "sid",
            "SESSIONS_NAME": "calm-heron",
            "SESSIONS_ACTIVITY_URL": "url",
            **request_.get("env", {}),
        },
        mounts=(
            Mount("dhome"),
            *((Mount("ddata", "in", read_only=True),) if "extra_drives" in request_ else ()),
        ),
        labels={"session": "sid", "environment": "python"},
        origins=plan.origins,
    )
    assert set(plan.origins.values()) <= {
        "session", "environment ‘python’", "drives", "env", "resources"}  # fmt: skip


def test_secrets_come_by_name_as_variables_and_files() -> None:
    plan = make(
        secrets=[{"name": "s3", "as": "both", "path": "s3"}, {"name": "ssh", "as": "files"}]
    )
    assert plan.secret_env == {"S3_KEY": SecretKey("s3-ml", "key")}
    assert plan.secret_folders == (
        SecretFolder("s3", "s3-ml", ("key", "ca"), 0o444),
        SecretFolder("keys/ssh", "ssh", (), 0o400),
    )
    assert plan.origins["env.S3_KEY"] == plan.origins["path.s3"] == "secret ‘s3’"
    assert plan.origins["path.keys/ssh"] == "secret ‘ssh’"
    assert "S3_KEY" not in plan.env


def test_a_service_account_and_an_image_are_settings_of_the_plan() -> None:
    plan = make(service_account="reader", image="python:3.12")
    assert plan.settings["service_account"] == "reader"
    assert plan.settings["image"] == "docker.io/library/python:3.12"
    assert plan.origins["settings.service_account"] == "service account"
    assert plan.origins["settings.image"] == "image"


@pytest.mark.parametrize("count", [0, 2])
def test_gpus_are_counted_by_their_resource(count: int) -> None:
    plan = make(resources={"gpu": count, "memory": "2Gi"})
    assert plan.settings == {"memory": "2Gi", "gpu": {"nvidia.com/gpu": count}}
    assert plan.origins["settings.gpu"] == "resources"


def test_no_gpus_where_there_are_none_is_nothing() -> None:
    assert make(NO_OFFERS, resources={"gpu": 0}).settings == {}


def test_ports_have_names_and_protocols() -> None:
    plan = make(ports=[{"number": 8080, "name": "web"}, {"number": 9000, "protocol": "UDP"}])
    assert plan.ports == (OpenPort(8080, "web"), OpenPort(9000, "port-9000", "UDP"))
    assert plan.origins["port.8080"] == "ports"


# Cloud SQL


def test_one_proxy_serves_all_instances_with_the_same_credentials() -> None:
    plan = make(cloud_sql=[{"instance": "p:r:one"}, {"instance": "p:r:two", "port": 3307}])
    assert plan.sidecars == (
        Sidecar(
            name="cloud-sql-proxy",
            image="quay.io/proxy:2",
            args=(
                "--structured-logs",
                "--exit-zero-on-sigterm",
                "--health-check",
                "--http-address=0.0.0.0",
                "--http-port=9801",
                "p:r:one?port=5432&private-ip=true&auto-iam-authn=true",
                "p:r:two?port=3307",
            ),
            probe=Probe(9801, "/startup"),
            cpu="50m",
            memory="64Mi",
        ),
    )
    variables = {name: text for name, text in plan.env.items() if name.startswith("PG")}
    assert variables == {"PGHOST": "127.0.0.1", "PGPORT": "5432", "PGUSER": "anna"}
    assert plan.origins["env.PGPORT"] == "Cloud SQL instance ‘p:r:one’"
    assert plan.origins["port.3307"] == "Cloud SQL instance ‘p:r:two’"
    assert plan.origins["port.9801"] == "Cloud SQL proxy"


def test_a_key_file_is_seen_by_its_own_proxy_alone() -> None:
    plan = make(cloud_sql=[{"instance": "p:r:one"}, {"instance": "p:r:keyed"}])
    first, second = plan.sidecars
    assert (first.name, second.name) == ("cloud-sql-proxy", "cloud-sql-proxy-2")
    assert first.secret_folders == ()
    assert second.secret_folders == (SecretFolder("/credentials", "sql-key", ("key.json",)),)
    assert second.args[2:] == (
        "--health-check",
        "--http-address=0.0.0.0",
        "--http-port=9802",
        "--credentials-file=/credentials/key.json",
        "p:r:keyed?port=5433",
    )
    assert second.probe == Probe(9802, "/startup")
    assert (plan.secret_env, plan.secret_folders) == ({}, ())


def test_a_session_without_databases_has_no_proxy() -> None:
    assert make(secrets=[{"name": "s3"}]).sidecars == ()


# Labels


def test_a_sessions_objects_are_labelled_where_a_cluster_looks_at_them() -> None:
    plan = make(owner="anna@example.org", billing_project="ml-q4")
    labels = dict(plan.labels)
    owner = labels.pop("jupyterhub-sessions/owner")
    project = labels.pop("jupyterhub-sessions/billing-project")
    assert owner.startswith("anna-example.org---")
    assert project == "ml-q4"
    assert labels == {
        "session": "sid",
        "environment": "python",
        "app.kubernetes.io/instance": "sid",
        "app.kubernetes.io/part-of": "jupyterhub-sessions",
        "jupyterhub-sessions/session": "sid",
        "jupyterhub-sessions/environment": "python",
    }
    assert plan.origins["labels.jupyterhub-sessions/owner"] == "labels"


def test_a_session_without_billing_project_has_no_label_of_one() -> None:
    assert "jupyterhub-sessions/billing-project" not in make(owner="anna").labels


# Refusals


@pytest.mark.parametrize(
    "request_",
    [
        {"secrets": [{"name": "s3"}]},
        {"service_account": "reader"},
        {"cloud_sql": [{"instance": "p:r:one"}]},
        {"resources": {"gpu": 1}},
    ],
)
def test_what_is_not_offered_makes_no_plan(request_: dict[str, Any]) -> None:
    assert make(**request_).settings is not None
    with pytest.raises(NotOffered):
        make(NO_OFFERS, **request_)


CONFLICTS: list[tuple[dict[str, Any], str, str]] = [
    ({"secrets": [{"name": "s3"}], "env": {"S3_KEY": "x"}}, "env.S3_KEY", "env.S3_KEY"),
    ({"cloud_sql": [{"instance": "p:r:one"}], "env": {"PGHOST": "x"}}, "env.PGHOST", "env.PGHOST"),
    (
        {
            "secrets": [{"name": "s3"}, {"name": "ssh", "as": "files"}],
            "extra_drives": [{"drive": "data", "path": "keys/ssh"}],
        },
        "path.keys/ssh",
        "secrets.1",
    ),
    (
        {
            "secrets": [{"name": "ssh", "as": "files", "path": "in"}],
            "extra_drives": [{"drive": "data", "path": "in/x"}],
        },
        "path.in",
        "extra_drives",
    ),
    (
        {"cloud_sql": [{"instance": "p:r:one", "port": 7000}], "ports": [{"number": 7000}]},
        "port.7000",
        "ports",
    ),
    ({"cloud_sql": [{"instance": "p:r:one", "port": 9801}]}, "port.9801", "cloud_sql"),
    (
        {
            "cloud_sql": [
                {"instance": "p:r:one", "port": 7000},
                {"instance": "p:r:two", "port": 7000},
            ]
        },
        "port.7000",
        "cloud_sql.1",
    ),
]


@pytest.mark.parametrize(("request_", "what", "field"), CONFLICTS)
def test_a_contradiction_names_the_field_that_is_to_be_changed(
    request_: dict[str, Any], what: str, field: str
) -> None:
    parsed = parse_request({"environment": "python", **request_})
    with pytest.raises(PlanConflict) as conflict:
        find_conflict(parsed, layers_of(parsed, ENVIRONMENT), OFFERS)
    assert (conflict.value.what, conflict.value.field) == (what, field)


def test_an_environments_variable_is_not_replaced_by_a_secret() -> None:
    setting = Environment("python", "Python", override={"environment": {"S3_KEY": "x"}})
    with pytest.raises(PlanConflict) as conflict:
        make(environment=setting, secrets=[{"name": "s3"}])
    assert (conflict.value.first, conflict.value.second) == ("environment ‘python’", "secret ‘s3’")
    assert conflict.value.field == "secrets.0"

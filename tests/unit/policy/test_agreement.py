"""No variable, folder or port is had by two, and rules and plan agree on that."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_spawner.plan import PlanConflict, find_conflict, layers_of
from sessions_spawner.policy import Facts, check
from sessions_spawner.request import LaunchRequest, parse_request
from sessions_spawner.request.attached import NotOffered
from sessions_spawner.request.environments import Environment
from sessions_spawner.request.offer_settings import read_offers
from sessions_spawner.settings import ENV_REFUSED

OFFERS = read_offers(
    secrets={
        "one": {"env": {"A": "a"}, "files": True, "path": "keys"},
        "two": {"env": {"A": "a", "B": "b"}, "path": "keys/two"},
        "preload": {"env": {"LD_PRELOAD": "x"}},
    },
    cloud_sql={
        "p:r:a": {"variables": "PG"},
        "p:r:b": {"variables": "PG"},
        "p:r:c": {"variables": "B", "credentials": "c"},
    },
    own_ports=(8888,),
)
ENVIRONMENT = Environment(
    "python",
    "Python",
    variables={"MODE": True, "PGPORT": True},
    override={"environment": {"MODE": "safe", "PGPORT": "1"}},
)
PLAIN = Environment("python", "Python")


def facts_of(environment: Environment) -> Facts:
    """Return facts with the offers and a usual list of refused variables."""
    return Facts({"python": environment}, env_refused=ENV_REFUSED, offers=OFFERS)


def refused(environment: Environment = PLAIN, **request: Any) -> dict[str, str]:
    """Return field → sentence of what the rules refuse."""
    parsed = parse_request({"environment": "python", **request})
    return {one.field: one.message for one in check(parsed, facts_of(environment))}


def test_a_secret_may_not_set_what_belongs_to_the_session() -> None:
    assert refused(secrets=[{"name": "preload"}]) == {
        "secrets.0.name": (
            "The secret ‘preload’ sets LD_PRELOAD, which belongs to the session. "
            "Tell the administrator."
        )
    }


def test_two_secrets_with_one_variable_are_refused_by_name() -> None:
    assert refused(secrets=[{"name": "one"}, {"name": "two"}]) == {
        "secrets.1.name": "The secret ‘one’ sets A too; leave one of the two out."
    }
    assert refused(secrets=[{"name": "one", "as": "files"}, {"name": "two"}]) == {}


def test_two_instances_with_the_same_variables_are_refused_by_name() -> None:
    found = refused(cloud_sql=[{"instance": "p:r:a"}, {"instance": "p:r:b"}])
    assert found == {
        "cloud_sql.1.instance": (
            "The Cloud SQL instance ‘p:r:a’ sets PGPORT too; leave one of the two out."
        )
    }


def test_an_attachment_may_not_set_what_the_environment_sets() -> None:
    assert refused(ENVIRONMENT, cloud_sql=[{"instance": "p:r:a"}]) == {
        "cloud_sql.0.instance": (
            "The environment ‘Python’ sets PGPORT too; leave one of the two out."
        )
    }


def test_a_typed_variable_that_a_secret_sets_is_refused() -> None:
    assert refused(secrets=[{"name": "one"}], env={"A": "x", "C": "y"}) == {
        "env.A": "The secret ‘one’ sets this variable; use another name."
    }


TAKEN = "Another drive or secret is at ‘{}’ or in it; choose another path."


@pytest.mark.parametrize(
    ("drive", "secret", "is_free"),
    [
        ({"path": "data"}, {"name": "one", "path": "data"}, False),
        ({"path": "data"}, {"name": "one", "path": "data/keys"}, True),
        ({"path": "data", "read_only": True}, {"name": "one", "path": "data/keys"}, False),
        ({"path": "keys/x"}, {"name": "one"}, False),
        ({"path": "keysx"}, {"name": "one"}, True),
    ],
)
def test_files_of_a_secret_need_a_place_of_their_own(
    drive: dict[str, Any], secret: dict[str, Any], is_free: bool
) -> None:
    secrets = [{"as": "files", **secret}]
    drives = [{"drive": "other", **drive}]
    found = refused(secrets=secrets, extra_drives=drives)
    folder = secret.get("path", "keys")
    assert found == ({} if is_free else {"secrets.0.path": TAKEN.format(folder)})


def test_a_secret_inside_of_another_is_refused() -> None:
    secrets = [{"name": "one", "as": "files"}, {"name": "two", "as": "files"}]
    assert refused(secrets=secrets) == {"secrets.1.path": TAKEN.format("keys/two")}
    assert refused(secrets=secrets[::-1]) == {"secrets.1.path": TAKEN.format("keys")}


@pytest.mark.parametrize(
    ("cloud_sql", "ports", "found"),
    [
        ([("p:r:c", 9801)], [], {"cloud_sql.0.port": "9801 is taken by the Cloud SQL proxy"}),
        ([("p:r:c", 8888)], [], {"cloud_sql.0.port": "8888 is taken by the session itself"}),
        ([("p:r:a", 7000), ("p:r:c", 7000)], [], {
            "cloud_sql.1.port": "7000 is taken by the Cloud SQL instance ‘p:r:a’"}),
        ([("p:r:a", 7000)], [7000], {
            "ports.0.number": "7000 is taken by the Cloud SQL instance ‘p:r:a’"}),
        ([("p:r:a", None)], [9801], {"ports.0.number": "9801 is taken by the Cloud SQL proxy"}),
        ([("p:r:a", None), ("p:r:c", None)], [9802], {
            "ports.0.number": "9802 is taken by the Cloud SQL proxy"}),
        ([("p:r:a", None)], [9802, 5432], {}),
        ([], [9801], {}),
    ],
)  # fmt: skip
def test_a_port_is_had_by_one_program(
    cloud_sql: list[tuple[str, int | None]], ports: list[int], found: dict[str, str]
) -> None:
    instances = [{"instance": name, "port": port} for name, port in cloud_sql]
    numbers = [{"number": number} for number in ports]
    assert refused(cloud_sql=instances, ports=numbers) == {
        field: f"{taken}. Choose another port." for field, taken in found.items()
    }


# The rules find every contradiction that the plan would find.

PATHS = st.sampled_from(["keys", "keys/two", "keys/two/x", "data", "data/x"])
REQUESTS = st.fixed_dictionaries(
    {"environment": st.just("python")},
    optional={
        "secrets": st.lists(
            st.fixed_dictionaries(
                {"name": st.sampled_from(["one", "two", "preload", "none"])},
                optional={"as": st.sampled_from(["env", "files", "both"]), "path": PATHS},
            ),
            unique_by=lambda one: one["name"],
            max_size=3,
        ),
        "cloud_sql": st.lists(
            st.fixed_dictionaries(
                {"instance": st.sampled_from(["p:r:a", "p:r:b", "p:r:c", "p:r:d"])},
                optional={"port": st.sampled_from([80, 5432, 5433, 8080, 8888, 9801, 9802])},
            ),
            unique_by=lambda one: one["instance"],
            max_size=3,
        ),
        "ports": st.lists(
            st.fixed_dictionaries(
                {"number": st.sampled_from([80, 5432, 5433, 8080, 8888, 9801, 9802])},
                optional={"name": st.sampled_from(["a", "port-8080", "A"])},
            ),
            unique_by=lambda one: one["number"],
            max_size=3,
        ),
        "extra_drives": st.lists(
            st.fixed_dictionaries(
                {"drive": st.just("other"), "path": PATHS},
                optional={"read_only": st.booleans()},
            ),
            unique_by=lambda one: one["path"],
            max_size=2,
        ),
        "env": st.dictionaries(st.sampled_from(["A", "B", "MODE", "PGHOST"]), st.just("x")),
    },
)


def field_of_conflict(request: LaunchRequest, environment: Environment) -> str | None:
    """Return the field that the plan would have changed, None if there is a plan."""
    try:
        find_conflict(request, layers_of(request, environment), OFFERS)
    except NotOffered:
        return "not offered"
    except PlanConflict as conflict:
        return conflict.field.partition(".")[0]
    return None


@given(REQUESTS, st.sampled_from([ENVIRONMENT, PLAIN]))
def test_what_the_plan_refuses_the_rules_refuse_before_at_the_same_field(
    data: dict[str, Any], environment: Environment
) -> None:
    request = parse_request(data)
    fields = {one.field for one in check(request, facts_of(environment))}
    conflict = field_of_conflict(request, environment)
    if conflict == "not offered":
        assert any(field.endswith((".name", ".instance")) for field in fields)
    elif conflict is not None:
        # A drive in a secret's folder: the rules ask for another folder of the secret.
        wanted = {"secrets"} if conflict == "extra_drives" else {conflict}
        assert wanted <= {field.partition(".")[0] for field in fields}

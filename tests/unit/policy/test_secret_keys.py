"""User YAML reads no key of a Secret but those that the session's pod was given."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_spawner.policy.overrides.merge import merge_pod
from sessions_spawner.policy.secret_keys import widened_secrets
from sessions_spawner.request.offers import NO_OFFERS, Offers, SecretOffer
from tests.support.session_pods import POD_NAME, session_pod

ENV = "spec.containers[0].env[0].valueFrom.secretKeyRef.key"


def reading(key: str, secret: str = "team-db", name: str = "X") -> dict[str, Any]:
    source = {"valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}
    return {"spec": {"containers": [{"name": "notebook", "env": [{"name": name, **source}]}]}}


def refused(patch: dict[str, Any], offers: Offers = NO_OFFERS, *free: str) -> dict[str, str]:
    pod = session_pod()
    found = widened_secrets(merge_pod(pod, patch), pod, offers, free)
    return {one.field: one.message for one in found}


def test_the_same_key_may_be_read_again_and_no_other() -> None:
    assert refused({}) == {}
    assert refused(reading("password")) == {}
    assert refused(reading("admin")) == {
        ENV: "No Secret called ‘team-db’ is offered to you with the key ‘admin’."
    }
    assert refused(reading("JUPYTERHUB_COOKIE", POD_NAME)) == {
        ENV: f"No Secret called ‘{POD_NAME}’ is offered to you with the key ‘JUPYTERHUB_COOKIE’."
    }


@pytest.mark.parametrize(
    ("spec", "path", "what"),
    [
        (
            {"containers": [{"name": "notebook", "envFrom": [{"secretRef": {"name": "team-db"}}]}]},
            "spec.containers[0].envFrom[0].secretRef",
            "as a whole",
        ),
        (
            {"initContainers": [{"name": "new", "envFrom": [{"secretRef": {"name": "team-db"}}]}]},
            "spec.initContainers[0].envFrom[0].secretRef",
            "as a whole",
        ),
        (
            {"volumes": [{"name": "v", "secret": {"secretName": "team-db"}}]},
            "spec.volumes[0].secret",
            "as a whole",
        ),
        (
            {
                "volumes": [
                    {
                        "name": "v",
                        "secret": {
                            "secretName": "team-db",
                            "items": [{"key": "password", "path": "a"}, {"key": "k", "path": "b"}],
                        },
                    }
                ]
            },
            "spec.volumes[0].secret",
            "with the key ‘k’",
        ),
        (
            {
                "volumes": [
                    {"name": "v", "projected": {"sources": [{"secret": {"name": "team-db"}}]}}
                ]
            },
            "spec.volumes[0].projected.sources[0].secret",
            "as a whole",
        ),
    ],
)
def test_other_keys_are_refused_by_every_path(spec: dict[str, Any], path: str, what: str) -> None:
    assert refused({"spec": spec}) == {
        path: f"No Secret called ‘team-db’ is offered to you {what}."
    }


def test_what_is_offered_may_be_read() -> None:
    def offering(**fields: Any) -> Offers:
        return Offers(secrets={"db": SecretOffer("db", "Database", secret="team-db", **fields)})

    assert refused(reading("user"), offering(env={"DB_USER": "user"}, files=False)) == {}
    assert refused(reading("admin"), offering(env={"DB_USER": "user"}, files=False))
    assert refused(reading("user"), offering(keys=("user",))) == {}
    assert refused(reading("admin"), offering(keys=("user",)))
    assert refused(reading("admin"), offering()) == {}
    assert refused(reading("admin"), NO_OFFERS, "team-*") == {}


def test_what_the_made_pod_has_as_files_is_there_whole() -> None:
    pod = session_pod()
    patch = reading("any", "team-files")
    assert list(widened_secrets(merge_pod(pod, patch), pod, NO_OFFERS)) == []


def test_a_secret_that_the_made_pod_does_not_name_is_left_to_the_references() -> None:
    assert refused(reading("any", "hub")) == {}

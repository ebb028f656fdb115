"""A session's pod as the product makes it, for user YAML to be tried on."""

from __future__ import annotations

from typing import Any, Final

from sessions_spawner.kubernetes.pods import (
    GENERATION,
    HUB,
    OWNER,
    SESSION,
    Frame,
    complete,
)
from sessions_spawner.plan import (
    Contribution,
    Mount,
    OpenPort,
    SecretFolder,
    SecretKey,
    Sidecar,
    combine,
)

POD_NAME: Final = "session-s1abcdefghij2"
LABELS: Final = (HUB, SESSION, OWNER, GENERATION)


def kubespawners_pod() -> dict[str, Any]:
    """Return a pod as KubeSpawner and an administrator of a z2jh hub make it."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": "jupyter-anna",
            "labels": {
                "app": "jupyterhub",
                "component": "singleuser-server",
                "hub.jupyter.org/username": "anna",
                "hub.jupyter.org/network-access-hub": "true",
            },
            "annotations": {"hub.jupyter.org/username": "anna"},
        },
        "spec": {
            "automountServiceAccountToken": False,
            "securityContext": {"fsGroup": 100},
            "restartPolicy": "OnFailure",
            "nodeSelector": {"pool": "users"},
            "tolerations": [{"key": "hub.jupyter.org/dedicated", "operator": "Exists"}],
            "volumes": [
                {"name": "team", "persistentVolumeClaim": {"claimName": "all-teams"}},
                {"name": "motd", "configMap": {"name": "motd"}},
                {
                    "name": "library",
                    "persistentVolumeClaim": {"claimName": "library", "readOnly": True},
                },
            ],
            "initContainers": [{"name": "greet", "image": "localhost/greet:1"}],
            "containers": [
                {
                    "name": "notebook",
                    "image": "localhost/lab:1",
                    "args": ["jupyterhub-singleuser"],
                    "env": [
                        {"name": "JUPYTERHUB_USER", "value": "anna"},
                        {"name": "MODE", "value": "teaching"},
                    ],
                    "ports": [{"name": "notebook-port", "containerPort": 8888}],
                    "resources": {"limits": {"memory": "1Gi"}, "requests": {"memory": "1Gi"}},
                    "volumeMounts": [
                        {"name": "team", "mountPath": "/team", "subPath": "chemistry"},
                        {"name": "motd", "mountPath": "/etc/motd"},
                        {"name": "library", "mountPath": "/library"},
                    ],
                    "securityContext": {"runAsUser": 1000, "allowPrivilegeEscalation": False},
                },
                {"name": "logs", "image": "localhost/logs:1"},
            ],
        },
    }


def session_pod() -> dict[str, Any]:
    """Return that pod as a session's: with drive, secrets, port, sidecar and labels of ours."""
    plan = combine(
        [
            Contribution("drives", mounts=(Mount("d1"),)),
            Contribution("resources", settings={"cpu": "1", "memory": "2Gi"}),
            Contribution(
                "secrets",
                secret_env={"DB_PASSWORD": SecretKey("team-db", "password")},
                secret_folders=(SecretFolder("team-files", "team-files"),),
            ),
            Contribution("ports", ports=(OpenPort(8080, "http-8080", "TCP"),)),
            Contribution("cloud_sql", sidecars=(Sidecar("cloud-sql-proxy", "localhost/sql:1"),)),
            Contribution(
                "labels",
                labels={SESSION: "s1abcdefghij2", OWNER: "anna", "app.kubernetes.io/name": "lab"},
            ),
        ]
    )
    frame = Frame(
        POD_NAME,
        "/home/jovyan",
        {"d1": "drive-d1"},
        hub="hub-1",
        env={"MINE": "typed"},
        secret_env=("JUPYTERHUB_API_TOKEN",),
    )
    return complete(kubespawners_pod(), plan, frame)

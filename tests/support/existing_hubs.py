"""KubeSpawner's settings on hubs that are there already, much as z2jh's chart writes them."""

from __future__ import annotations

from typing import Any, Final

from tests.support.session_manifests import Case

_LABELS: Final = {
    "app": "jupyterhub",
    "chart": "jupyterhub-4.3.1",
    "release": "hub",
    "app.kubernetes.io/name": "jupyterhub",
    "app.kubernetes.io/instance": "hub",
    "app.kubernetes.io/managed-by": "kubespawner",
    "helm.sh/chart": "jupyterhub-4.3.1",
}
# What the chart sets without a word of the administrator's.
CHART: Final[dict[str, Any]] = {
    "common_labels": _LABELS,
    "extra_labels": {"hub.jupyter.org/network-access-hub": "true"},
    "cmd": ["jupyterhub-singleuser"],
    "default_url": "/lab",
    "uid": 1000,
    "fs_gid": 100,
    "mem_guarantee": "1G",
    "automount_service_account_token": False,
    "storage_pvc_ensure": True,
    "pvc_name_template": "claim-{user_server}",
    "volumes": [
        {"name": "volume-{user_server}", "persistentVolumeClaim": {"claimName": "{pvc_name}"}}
    ],
    "volume_mounts": [{"mountPath": "/home/jovyan", "name": "volume-{user_server}"}],
    "tolerations": [
        {
            "key": f"hub.jupyter.org{mark}dedicated",
            "operator": "Equal",
            "value": "user",
            "effect": "NoSchedule",
        }
        for mark in "/_"
    ],
    "node_affinity_preferred": [
        {
            "weight": 100,
            "preference": {
                "matchExpressions": [
                    {"key": "hub.jupyter.org/node-purpose", "operator": "In", "values": ["user"]}
                ]
            },
        }
    ],
}


def shared_folders(spawner: Any, pod: Any) -> Any:
    """Change a pod as a hook on many hubs does: by who the user is."""
    pod.spec.containers[0].volume_mounts.append(
        {"name": "scratch", "mountPath": f"/scratch/{spawner.user.name}"}
    )
    pod.spec.volumes.append({"name": "scratch", "emptyDir": {}})
    pod.metadata.labels["example.org/hooked"] = "yes"
    return pod


async def profiles_of(spawner: Any) -> list[dict[str, Any]]:
    """Return environments as a function in `profile_list` does."""
    return [
        {
            "display_name": f"Of {spawner.user.name}",
            "slug": "python",
            "default": True,
            "kubespawner_override": {"image": lambda one: f"registry.example.org/{one.user.name}"},
        }
    ]


def mail(spawner: Any) -> str:
    """Return a value with braces, as a function in `environment` may."""
    return f'{{"mail": "{spawner.user.name}@example.org"}}'


def _hub(chart: dict[str, Any] = CHART, **settings: Any) -> Case:
    return Case(settings={"KubeSpawner": {**chart, **settings}})


_TUTORIAL: Final = {
    "display_name": "Tutorial",
    "slug": "python",
    "default": True,
    "kubespawner_override": {
        "image": "registry.example.org/tutorial:1",
        "mem_limit": "4G",
        "cpu_limit": 2,
        "node_selector": {"pool": "small"},
        "environment": {
            "GREETING": "hello {username}, $(JUPYTERHUB_USER)",
            "KEY": {"valueFrom": {"secretKeyRef": {"name": "keys-{username}", "key": "key"}}},
            "MAIL": mail,
            "SHARED": None,
            "NUMBER": "{{1}}",
        },
    },
    "profile_options": {
        "image": {
            "display_name": "Image",
            "unlisted_choice": {
                "enabled": True,
                "kubespawner_override": {"image": "registry.example.org/{value}"},
            },
            "choices": {
                "r": {
                    "display_name": "R",
                    "default": True,
                    "kubespawner_override": {
                        "image": "registry.example.org/r:1",
                        "default_url": "/rstudio",
                        "extra_annotations": {"example.org/of": "{unescaped_username}"},
                    },
                }
            },
        },
        "size": {
            "display_name": "Size",
            "choices": {
                "s": {"display_name": "S", "default": True},
                "l": {"display_name": "L", "kubespawner_override": {"mem_limit": "16G"}},
            },
        },
    },
}

HUBS: Final[dict[str, Case]] = {
    "the chart's defaults": _hub(),
    "profiles with options": Case(
        {"choices": {"size": "l"}},
        {
            "KubeSpawner": {
                **CHART,
                "environment": {"SHARED": "/shared", "KEPT": "{username}"},
                "profile_list": [_TUTORIAL],
            }
        },
        options={"profile": "python", "size": "l"},
    ),
    "an image that is typed": Case(
        {"choices": {"image": {"unlisted": "team/own:3"}}},
        {"KubeSpawner": {**CHART, "profile_list": [_TUTORIAL]}},
        options={"profile": "python", "image--unlisted-choice": "team/own:3"},
    ),
    "profiles by a function": Case(
        settings={"KubeSpawner": {**CHART, "profile_list": profiles_of}},
        options={"profile": "python"},
    ),
    "shared folders and a container that gives them to people": _hub(
        volumes={
            "00-home": CHART["volumes"][0],
            "10-nfs": {"name": "nfs", "persistentVolumeClaim": {"claimName": "nfs"}},
        },
        volume_mounts={
            "00-home": CHART["volume_mounts"][0],
            "10-all": {
                "name": "nfs",
                "mountPath": "/home/jovyan/shared",
                "subPath": "_shared",
                "readOnly": True,
            },
            "20-own": {"name": "nfs", "mountPath": "/home/jovyan/mine", "subPath": "{username}"},
        },
        init_containers=[
            {
                "name": "volume-mount-ownership-fix",
                "image": "busybox:1.36.1",
                "command": ["sh", "-c", "id && chown 1000:1000 /mine"],
                "securityContext": {"runAsUser": 0},
                "volumeMounts": [{"name": "nfs", "mountPath": "/mine", "subPath": "{username}"}],
            }
        ],
    ),
    "GPUs": _hub(
        extra_resource_limits={"nvidia.com/gpu": "1"},
        volumes=[*CHART["volumes"], {"name": "shm", "emptyDir": {"medium": "Memory"}}],
        volume_mounts=[*CHART["volume_mounts"], {"name": "shm", "mountPath": "/dev/shm"}],
        extra_pod_config={"runtimeClassName": "nvidia"},
        node_selector={"cloud.google.com/gke-accelerator": "nvidia-l4"},
    ),
    "a Docker stack that starts as root": _hub(
        uid=0,
        gid=0,
        allow_privilege_escalation=None,
        cmd="start-singleuser.sh",
        environment={"NB_USER": "{username}", "GRANT_SUDO": "yes", "CHOWN_HOME": "yes"},
        working_dir="/home/{username}",
    ),
    "iptables against the metadata server": Case(
        settings={
            "KubeSpawner": {
                **CHART,
                "init_containers": [
                    {
                        "name": "block-cloud-metadata",
                        "image": "quay.io/jupyterhub/k8s-network-tools:4.3.1",
                        "command": ["iptables", "--append", "OUTPUT", "--jump", "DROP"],
                        "securityContext": {
                            "runAsUser": 0,
                            "privileged": True,
                            "capabilities": {"add": ["NET_ADMIN"]},
                        },
                    }
                ],
            },
            "PodRules": {"level": "privileged"},
        }
    ),
    "helpers beside the session": _hub(
        extra_containers=[
            {
                "name": "metrics",
                "image": "registry.example.org/metrics:1",
                "args": ["--user", "{username}"],
                "env": [{"name": "OF", "value": "{user_server}"}],
                "resources": {"limits": {"memory": "64Mi"}},
            }
        ],
        extra_container_config={"envFrom": [{"configMapRef": {"name": "settings"}}]},
        extra_pod_config={"shareProcessNamespace": True, "dnsConfig": {"searches": ["a.org"]}},
    ),
    "an account with workload identity": _hub(
        service_account="user-sa", automount_service_account_token=None
    ),
    "nodes that may go": _hub(
        priority_class_name="users",
        scheduler_name="hub-user-scheduler",
        node_affinity_required=[
            {"matchExpressions": [{"key": "spot", "operator": "NotIn", "values": ["true"]}]}
        ],
        pod_anti_affinity_preferred=[
            {
                "weight": 1,
                "podAffinityTerm": {
                    "labelSelector": {"matchLabels": {"component": "hub"}},
                    "topologyKey": "kubernetes.io/hostname",
                },
            }
        ],
    ),
    "hooks": _hub(
        modify_pod_hook=shared_folders,
        lifecycle_hooks={"postStart": {"exec": {"command": ["gitpuller", "https://a.org/b"]}}},
        extra_annotations={"cluster-autoscaler.kubernetes.io/safe-to-evict": "false"},
    ),
    "a hardened hub": _hub(
        container_security_context={
            "capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]},
            "readOnlyRootFilesystem": True,
        },
        pod_security_context={"runAsNonRoot": True, "seccompProfile": {"type": "Localhost"}},
        supplemental_gids=[100, 200],
        image_pull_secrets=["registry"],
        image_pull_policy="Always",
    ),
    "variables of every kind": _hub(
        environment={
            "GREETING": "hello {username}",
            "PATHS": "$(GREETING):/opt",
            "MAIL": mail,
            "MY_IP": {"valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
        },
        notebook_dir="/home/jovyan/work",
        debug=True,
        disable_user_config=True,
    ),
    "a hub without the chart": Case(),
}

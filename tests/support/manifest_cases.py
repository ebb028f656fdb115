"""The launch requests, each on a hub with settings, whose whole manifests are kept as golden."""

from __future__ import annotations

from typing import Any, Final

from tests.support.attached_cases import ATTACHED
from tests.support.session_manifests import Case

_CONTEXT: Final = """
      allowPrivilegeEscalation: false
      runAsNonRoot: true
      capabilities: {drop: [ALL]}
      seccompProfile: {type: RuntimeDefault}
"""
_OVERRIDES: Final = f"""
metadata:
  annotations: {{user.jupyterhub-sessions/why: "{{username}} $(HOME)"}}
spec:
  containers:
  - name: notebook
    env: [{{name: MY_MODE, value: "{{username}} $(HOME)"}}]
  - name: beside
    image: registry.example.org/team/beside:1
    args: ["{{0.__class__}}", "{{unclosed"]
    resources: {{limits: {{cpu: 100m, memory: 64Mi}}}}
    securityContext:{_CONTEXT}
"""
_WHOLE: Final = """
apiVersion: v1
kind: Pod
metadata:
  labels: {user.jupyterhub-sessions/team: blue}
spec:
  nodeSelector: {disk: ssd}
  containers:
  - name: notebook
    resources: {limits: {cpu: 500m}}
    env:
    - {name: MY_MODE, value: "{userid}"}
"""


def hook(spawner: Any, pod: Any) -> Any:
    """Change the pod as an administrator's `modify_pod_hook` does."""
    pod.metadata.annotations["example.org/by"] = spawner.user.name
    pod.spec.containers[0].env.append({"name": "FROM_HOOK", "value": "{kept} $(HOME)"})
    pod.spec.dns_policy = "Default"
    return pod


def mail(spawner: Any) -> str:
    """Return a variable's value, as a function in `environment` does."""
    return f'{{"mail": "{spawner.user.name}@example.org"}}'


def _kube(**settings: Any) -> dict[str, Any]:
    return {"KubeSpawner": settings}


def _profile(**override: Any) -> dict[str, Any]:
    return {"display_name": "Python", "slug": "python", "kubespawner_override": override}


_OPTIONS: Final = {
    "display_name": "Python",
    "slug": "python",
    "kubespawner_override": {"mem_limit": "1G", "environment": {"TEAM": "{username}", "OLD": "x"}},
    "profile_options": {
        "size": {
            "display_name": "Size",
            "choices": {
                "small": {"display_name": "S", "kubespawner_override": {"mem_limit": "2G"}},
                "big": {
                    "display_name": "B",
                    "kubespawner_override": {
                        "mem_limit": "8G",
                        "cpu_limit": 4,
                        "node_selector": {"pool": "big"},
                        "environment": {"OLD": None, "THREADS": "4"},
                    },
                },
            },
        },
        "tag": {
            "display_name": "Tag",
            "unlisted_choice": {
                "enabled": True,
                "kubespawner_override": {
                    "image": "registry.example.org/team/lab:{value}",
                    "extra_annotations": {"example.org/tag": "{username}: {value}"},
                    "environment": {"TAG": "{value}"},
                },
            },
        },
    },
}

CASES: Final[dict[str, Case]] = {
    **ATTACHED,
    "default": Case(),
    "choices-with-overrides": Case(
        {"choices": {"size": "big", "tag": {"unlisted": "{username}-$(HOME)-{0.__class__}"}}},
        _kube(profile_list=[_OPTIONS]),
    ),
    "extra-containers": Case(
        settings=_kube(
            extra_containers=[
                {
                    "name": "metrics",
                    "image": "registry.example.org/metrics:1",
                    "args": ["--user={username}"],
                    "ports": [{"name": "metrics", "containerPort": 9100}],
                }
            ]
        )
    ),
    "init-containers": Case(
        settings=_kube(
            init_containers=[
                {
                    "name": "fix-owner",
                    "image": "busybox:1.36",
                    "command": ["chown", "1000:100", "/home/jovyan"],
                    "securityContext": {"runAsUser": 0},
                    "volumeMounts": [{"name": "scratch", "mountPath": "/scratch"}],
                },
                {"name": "fetch", "image": "registry.example.org/fetch:1"},
            ],
            volumes=[{"name": "scratch", "emptyDir": {}}],
        )
    ),
    "tolerations-affinity-selector": Case(
        settings=_kube(
            tolerations=[
                {
                    "key": "hub.jupyter.org/dedicated",
                    "operator": "Equal",
                    "value": "user",
                    "effect": "NoSchedule",
                }
            ],
            node_selector={"pool": "users"},
            node_affinity_required=[
                {
                    "matchExpressions": [
                        {
                            "key": "hub.jupyter.org/node-purpose",
                            "operator": "In",
                            "values": ["user"],
                        }
                    ]
                }
            ],
            pod_affinity_preferred=[
                {
                    "weight": 100,
                    "podAffinityTerm": {
                        "labelSelector": {"matchLabels": {"component": "singleuser-server"}},
                        "topologyKey": "kubernetes.io/hostname",
                    },
                }
            ],
        )
    ),
    "extra-labels-and-annotations": Case(
        settings=_kube(
            extra_labels={"hub.jupyter.org/network-access-hub": "true", "team": "{username}"},
            extra_annotations={"example.org/owner": "{unescaped_username}"},
            common_labels={
                "app": "jupyterhub",
                "release": "hub",
                "app.kubernetes.io/instance": "hub",
                "app.kubernetes.io/name": "jupyterhub",
            },
        )
    ),
    "extra-pod-config": Case(
        settings=_kube(
            extra_pod_config={
                "terminationGracePeriodSeconds": 15,
                "hostname": "lab-{username}",
                "enableServiceLinks": False,
            },
            extra_container_config={
                "envFrom": [{"configMapRef": {"name": "team-settings"}}],
                "readinessProbe": {"tcpSocket": {"port": 8888}},
            },
        )
    ),
    "lifecycle-hooks": Case(
        settings=_kube(
            lifecycle_hooks={"postStart": {"exec": {"command": ["sh", "-c", "echo ${HOME}; true"]}}}
        )
    ),
    "storage-of-their-own": Case(
        settings=_kube(
            volumes=[
                {"name": "shared", "persistentVolumeClaim": {"claimName": "shared-{hubnamespace}"}},
                {"name": "scratch-{username}", "emptyDir": {"medium": "Memory"}},
            ],
            volume_mounts=[
                {"name": "shared", "mountPath": "/home/jovyan/shared", "subPath": "of/{username}"},
                {"name": "scratch-{username}", "mountPath": "/scratch"},
            ],
        )
    ),
    "image-pull-secrets": Case(
        settings=_kube(
            image_pull_secrets=["registry", {"name": "second"}], image_pull_policy="Always"
        )
    ),
    "services-enabled": Case(
        {"ports": [{"number": 5000}]}, _kube(services_enabled=True, namespace="sessions")
    ),
    "priority-class": Case(
        settings=_kube(priority_class_name="users", scheduler_name="user-scheduler")
    ),
    "user-and-group": Case(
        settings=_kube(
            uid=1234,
            gid=5678,
            fs_gid=42,
            supplemental_gids=[7, 8],
            pod_security_context={"fsGroupChangePolicy": "OnRootMismatch"},
        )
    ),
    "root": Case(settings=_kube(uid=0, allow_privilege_escalation=None)),
    "privileged-profile": Case(
        settings={
            **_kube(profile_list=[_profile(privileged=True, allow_privilege_escalation=None)]),
            "PodRules": {"exempt": ["python"]},
        }
    ),
    "variables": Case(
        {"name": "{username} $(HOME)", "env": {"A": "{username}", "B": "$(HOME) $$(X) {", "C": ""}},
        _kube(
            environment={
                "GREETING": "hello {username}",
                "MAIL": mail,
                "PATHS": "$(GREETING):/opt",
                "FROM_MAP": {
                    "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "{username}"}}
                },
            },
            default_url="/lab/tree/{username}",
        ),
    ),
    "variables-of-a-profile": Case(
        settings=_kube(
            profile_list=[
                _profile(
                    environment={
                        "GREETING": "hello {username}, $(JUPYTERHUB_USER)",
                        "MAIL": mail,
                        "PASSWORD": {
                            "valueFrom": {"secretKeyRef": {"name": "db", "key": "{username}"}}
                        },
                    }
                )
            ]
        )
    ),
    "several-drives": Case(
        {
            "drive": "home",
            "extra_drives": [
                {"drive": "data", "path": "data", "read_only": True},
                {"drive": "models", "path": "work/models"},
            ],
        }
    ),
    "ugly-names": Case(
        {"name": "<b>ä/ö {x}</b>", "environment": "team.GPU_1-a"},
        _kube(profile_list=[{"display_name": "Team GPU", "slug": "team.GPU_1-a", "default": True}]),
        user="Zoë O'Hara+lab@example.org",
    ),
    "pod-overrides": Case(
        {"pod_overrides": _OVERRIDES},
        {
            "PodRules": {"allow": ["spec.containers[*]"]},
            "SessionOffers": {"images": ["registry.example.org/team/*"]},
        },
        rights=frozenset({"pod-spec"}),
    ),
    "pod-spec": Case(
        {"pod_spec": _WHOLE},
        {
            "SessionLimits": {"cpu": "2"},
            "PodRules": {
                "node_selectors": {"disk": ["ssd", "hdd"]},
                "force": {"spec.shareProcessNamespace": False},
            },
        },
        rights=frozenset({"pod-spec"}),
    ),
    "modify-pod-hook": Case(
        {"env": {"MINE": "1"}}, _kube(modify_pod_hook=hook, environment={"TEAM": "blue"})
    ),
}

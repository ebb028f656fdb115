"""The hub's settings of these tests: an environment for each way to fail."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any, Final

from tests.support.waiting import wait_until

# A file in the hub's folder: while it is there, no pod of the environment “gated” is made.
GATE: Final = "gate"

_SMALL = base64.b64encode(Path(__file__).with_name("small_server.py").read_bytes()).decode()
# Braces would be filled by KubeSpawner: the program goes as base64.
_RUN = f"import base64; exec(base64.b64decode('{_SMALL}'))"

SETTINGS = """
import sys
sys.path.insert(0, {root!r})
from tests.cluster.failures.environments import make_environments, meddle
c.KubeSpawner.start_timeout = 120
c.KubeSpawner.tolerations = [
    {{"key": "node.kubernetes.io/" + key, "operator": "Exists", "effect": "NoExecute",
      "tolerationSeconds": 5}} for key in ("unreachable", "not-ready")
]
c.SessionLimits.requests_per_second = None
c.SessionLimits.drives = 100
c.SessionsLink.reconcile_seconds = 5
c.KubeSpawner.profile_list = make_environments({image!r}, {token!r})

def give_up_soon(spawner):
    if (spawner.user_options or {{}}).get("environment", "").endswith("-soon"):
        spawner.start_timeout = 20

c.KubeSpawner.pre_spawn_hook = give_up_soon
c.KubeSpawner.modify_pod_hook = meddle
"""


def make_settings(image: str, token: str) -> str:
    """Return what a hub whose sessions can fail in every way has set besides.

    `token` ends the names of the cluster's objects that are no namespace's.
    """
    root = str(Path(__file__).parents[3])
    return SETTINGS.format(root=root, image=image, token=token)


def program(*words: str) -> list[str]:
    """Return the command line of the small server."""
    return ["python3", "-c", _RUN, *words]


def _once(source: str) -> dict[str, Any]:
    """Return settings under which a program runs once."""
    return {"cmd": ["python3", "-c", source], "extra_pod_config": {"restartPolicy": "Never"}}


def _beside(image: str, command: list[str], **more: Any) -> dict[str, Any]:
    """Return settings with a native sidecar."""
    sidecar = {
        "name": "proxy",
        "image": image,
        "imagePullPolicy": "Never",
        "restartPolicy": "Always",
        "command": command,
        "terminationMessagePolicy": "FallbackToLogsOnError",
        **more,
    }
    return {"init_containers": [sidecar]}


def _volume(source: dict[str, Any]) -> dict[str, Any]:
    return {
        "volumes": [{"name": "extra", **source}],
        "volume_mounts": [{"name": "extra", "mountPath": "/extra"}],
    }


def make_environments(image: str, token: str) -> list[dict[str, Any]]:
    """Return the list of environments; the name says what fails."""
    missing = "localhost/sessions/nowhere:1"
    crashes = ["python3", "-c", "import sys; print('no way in'); sys.exit(7)"]
    never = {"tcpSocket": {"port": 9999}, "periodSeconds": 1, "failureThreshold": 60}
    fills = "held = []\nwhile True: held.append(b'x' * 2**24)"
    made: dict[str, dict[str, Any]] = {
        "python": {},
        "stubborn": {"cmd": program("stubborn")},
        "image-never": {"image": missing},
        "image-soon": {"image": missing, "image_pull_policy": "IfNotPresent"},
        "image-name": {"image": "Not/A:Name:At:All"},
        "large-soon": {"mem_guarantee": "900G", "mem_limit": "900G"},
        "selector-soon": {"node_selector": {"kind": "nosuch"}},
        "limited": {"mem_guarantee": "2G", "mem_limit": "2G"},
        "measured": {"cpu_guarantee": 0.1, "cpu_limit": 0.1, "mem_guarantee": "64M"},
        "root": {"container_security_context": {"runAsNonRoot": False}},
        "misspelt": {"extra_pod_config": {"dnsPolicy": "Nonsense"}},
        "class-nosuch": {"drive_storage_class": "nosuch"},
        "class-burning-soon": {"drive_storage_class": f"burning-{token}"},
        "class-dumb-soon": {"drive_storage_class": f"dumb-{token}"},
        "secret-variable": {},
        "secret-all": {"extra_container_config": {"envFrom": [{"secretRef": {"name": "nosuch"}}]}},
        "secret-volume": _volume({"secret": {"secretName": "nosuch"}}),
        "map-volume": _volume({"configMap": {"name": "nosuch"}}),
        "crash": _once("import sys; print('boom'); sys.exit(3)"),
        "exit": _once("print('done')"),
        "command": {"cmd": ["/nosuch/program"]},
        "fills": {**_once(fills), "mem_limit": "64M", "mem_guarantee": "64M"},
        "small": {"mem_limit": "96M", "mem_guarantee": "64M"},
        "silent-soon": {"cmd": ["python3", "-c", "import time; time.sleep(600)"]},
        "sidecar-crash": _beside(image, crashes),
        "sidecar-crash-soon": _beside(image, crashes),
        "sidecar-image": _beside(missing, ["true"]),
        "sidecar-check-soon": _beside(image, program("9001"), startupProbe=never),
        "sidecar": _beside(image, program("9001")),
        "once": {"drive_access_mode": "ReadWriteOncePod"},
        "once-stubborn": {
            "cmd": program("stubborn"),
            "drive_access_mode": "ReadWriteOncePod",
        },
        "taken": {},
        "leaving": {},
        "hook-fails": {},
        "gated": {},
        "python-soon": {},
        # Without tolerations of ours the cluster waits five minutes for a machine.
        "patient": {"tolerations": []},
    }
    return [
        {
            "display_name": name,
            "slug": name,
            "default": name == "python",
            "kubespawner_override": {"cmd": program(), **settings},
        }
        for name, settings in made.items()
    ]


async def meddle(spawner: Any, pod: Any) -> Any:
    """Wait before a pod is made, or have another's of its name there, as its environment says."""
    environment = (spawner.user_options or {}).get("environment", "")
    if environment.startswith("gated"):
        await wait_until(lambda: not Path(GATE).exists(), seconds=60)
    if environment == "hook-fails":
        raise RuntimeError("a hook of the administrator's")
    if environment == "secret-variable":
        key = {"secretKeyRef": {"name": "nosuch", "key": "token"}}
        pod.spec.containers[0].env.append({"name": "TOKEN", "valueFrom": key})
    if environment in ("taken", "leaving"):
        container = {
            "name": "other",
            "image": spawner.image,
            "imagePullPolicy": "Never",
            "command": program("stubborn"),
            "securityContext": {
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
                "runAsNonRoot": True,
                "runAsUser": 1000,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
        }
        spec = {"containers": [container], "terminationGracePeriodSeconds": 3}
        body = {"metadata": {"name": spawner.pod_name}, "spec": spec}
        await spawner.api.create_namespaced_pod(spawner.namespace, body)
        if environment == "leaving":
            await spawner.api.delete_namespaced_pod(spawner.pod_name, spawner.namespace)
    return pod

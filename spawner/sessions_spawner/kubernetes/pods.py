"""From a plan to a pod: what a session adds to the pod that KubeSpawner made; pure."""

from __future__ import annotations

import base64
import copy
import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ..plan import Mount, Plan, SecretFolder, Sidecar
from ..request.quantities import parse_quantity
from ..storage.sharing import pin

NOTEBOOK: Final = "notebook"
# Labels of ours; a hub's watch finds its pods by the first.
HUB: Final = "jupyterhub-sessions/hub"
SESSION: Final = "jupyterhub-sessions/session"
OWNER: Final = "jupyterhub-sessions/owner"
GENERATION: Final = "jupyterhub-sessions/generation"
_COMMON: Final = "app.kubernetes.io/"
# An annotation: the SHA-256 of the launch request.
DIGEST: Final = "jupyterhub-sessions/request"
# What Pod Security “restricted” wants of a container, unless the administrator says otherwise.
_RESTRICTED: Final[Mapping[str, Any]] = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}
# What of it root can have too.
_OF_ROOT: Final = ("seccompProfile",)
# What KubeSpawner and the hub tell a session of its image and size.
_IMAGE_TOLD: Final = ("JUPYTER_IMAGE", "JUPYTER_IMAGE_SPEC")
_MEMORY_TOLD: Final = ("MEM_LIMIT", "MEM_GUARANTEE")
_CPU_TOLD: Final = ("CPU_LIMIT", "CPU_GUARANTEE")


@dataclass(frozen=True)
class Frame:
    """What of one pod is known besides its plan.

    `claims` maps a drive's id to its claim, `hub` is what tells this hub's pods from others',
    `secret_env` names the variables whose values lie in
    the session's own Secret, called like the pod.
    """

    name: str
    home: str
    claims: Mapping[str, str]
    hub: str = ""
    generation: int = 1
    request_digest: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    secret_env: Sequence[str] = ()
    # Where it has to run, since a drive of its is attached there.
    node: str | None = None


def complete(pod: Mapping[str, Any], plan: Plan, frame: Frame) -> dict[str, Any]:
    """Return KubeSpawner's pod with the session's share merged in last.

    Nothing of what somebody typed passes `str.format` on this way. Raises `LookupError` for a pod
    without a container called `notebook`.
    """
    made = copy.deepcopy(dict(pod))
    spec = made["spec"]
    notebook = find_notebook(made)
    _label(made, plan, frame)
    _set_size(notebook, plan)
    _set_variables(notebook, plan, frame)
    _mount_drives(spec, notebook, plan.mounts, frame)
    for folder in plan.secret_folders:
        _mount_secret(spec, notebook, folder, frame.home)
    _open_ports(notebook, plan)
    for sidecar in plan.sidecars:
        _add_sidecar(spec, sidecar)
    _set_account(spec, plan.settings.get("service_account"))
    _restrict(spec)
    if frame.node is not None:
        pin(made, frame.node)
    return made


def find_notebook(pod: Mapping[str, Any]) -> dict[str, Any]:
    """Return the container of the session's own program. Raises `LookupError`."""
    for container in pod["spec"]["containers"]:
        if container["name"] == NOTEBOOK:
            found: dict[str, Any] = container
            return found
    raise LookupError(f"The pod has no container called ‘{NOTEBOOK}’: a hook took it away.")


def labels_of(plan: Plan) -> dict[str, str]:
    """Return the labels of a session's objects. Plain ones are left to the hub's own Services."""
    return {key: text for key, text in plan.labels.items() if "/" in key}


def make_secret(name: str, values: Mapping[str, str], labels: Mapping[str, str]) -> dict[str, Any]:
    """Return the Secret that holds the values of variables."""
    encoded = {key: base64.b64encode(text.encode()).decode() for key, text in values.items()}
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "labels": dict(labels)},
        "type": "Opaque",
        "data": encoded,
    }


def make_service(name: str, plan: Plan, labels: Mapping[str, str]) -> dict[str, Any]:
    """Return the Service at which the session's ports answer inside the cluster.

    It selects by the session's id alone, which no other pod has.
    """
    ports = [
        {"name": one.name, "port": one.number, "targetPort": one.number, "protocol": one.protocol}
        for one in plan.ports
    ]
    selector = {SESSION: plan.labels[SESSION]}
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "labels": dict(labels)},
        "spec": {"selector": selector, "ports": ports},
    }


def _label(pod: dict[str, Any], plan: Plan, frame: Frame) -> None:
    metadata = pod.setdefault("metadata", {})
    metadata["name"] = frame.name
    own = {HUB: frame.hub, GENERATION: str(frame.generation)}
    theirs = metadata.get("labels") or {}
    # What these say of the installation is the administrator's: network policies select by it.
    common = {key: text for key, text in theirs.items() if key.startswith(_COMMON)}
    metadata["labels"] = {**theirs, **labels_of(plan), **common, **own}
    told = {**plan.annotations, DIGEST: frame.request_digest}
    metadata["annotations"] = {**(metadata.get("annotations") or {}), **told}


def _set_size(notebook: dict[str, Any], plan: Plan) -> None:
    """Set what was asked for; what the environment gives, KubeSpawner has set already."""
    settings = plan.settings
    if "image" in settings:
        notebook["image"] = settings["image"]
        _tell(notebook, dict.fromkeys(_IMAGE_TOLD, settings["image"]))
    asked = {
        name: settings[name]
        for name in ("cpu", "memory")
        if plan.origins.get(f"settings.{name}") == "resources"
    }
    asked |= {name: str(number) for name, number in (settings.get("gpu") or {}).items()}
    resources = notebook.setdefault("resources", {})
    for section in ("limits", "requests"):
        resources[section] = {**(resources.get(section) or {}), **asked}
    _tell(notebook, _sizes_told(asked))


def _sizes_told(asked: Mapping[str, str]) -> dict[str, str]:
    """Return the sizes as JupyterHub tells them to a session: in bytes, and as a number."""
    found: dict[str, str] = {}
    if "memory" in asked:
        found |= dict.fromkeys(_MEMORY_TOLD, str(int(parse_quantity(asked["memory"]))))
    if "cpu" in asked:
        found |= dict.fromkeys(_CPU_TOLD, str(float(parse_quantity(asked["cpu"]))))
    return found


def _tell(notebook: dict[str, Any], variables: Mapping[str, str]) -> None:
    """Set variables of the hub's own over what they were before something was asked for."""
    given = {one["name"]: one for one in notebook.get("env") or ()}
    given |= {name: _plain(name, text) for name, text in variables.items()}
    notebook["env"] = list(given.values())


def _set_variables(notebook: dict[str, Any], plan: Plan, frame: Frame) -> None:
    """Set the plan's variables over KubeSpawner's; secret values stand by reference."""
    without = plan.settings.get("without_env", ())
    given = {one["name"]: one for one in notebook.get("env") or () if one["name"] not in without}
    # An environment's own are settings of KubeSpawner's: it has filled in what they refer to.
    filled = plan.settings.get("traits", {}).get("environment", {})
    added = {name: text for name, text in plan.env.items() if name not in filled}
    given |= {name: _plain(name, text) for name, text in {**added, **frame.env}.items()}
    given |= {name: _by_key(name, frame.name, name) for name in frame.secret_env}
    given |= {name: _by_key(name, at.secret, at.key) for name, at in plan.secret_env.items()}
    notebook["env"] = list(given.values())


def _plain(name: str, text: str) -> dict[str, Any]:
    return {"name": name, "value": _literal(text)}


def _literal(text: str) -> str:
    """Keep Kubernetes from putting variables in the place of `$(NAME)`: `$$` is one `$` to it."""
    return text.replace("$", "$$")


def _by_key(name: str, secret: str, key: str) -> dict[str, Any]:
    return {"name": name, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}


def _mount_drives(
    spec: dict[str, Any], notebook: dict[str, Any], mounts: Sequence[Mount], frame: Frame
) -> None:
    for number, mount in enumerate(mounts):
        name = f"drive-{number}"
        claim = {"claimName": frame.claims[mount.drive], "readOnly": mount.read_only}
        _list_in(spec, "volumes").append({"name": name, "persistentVolumeClaim": claim})
        path = posixpath.join(frame.home, mount.path) if mount.path else frame.home
        shown = {"name": name, "mountPath": path, "readOnly": mount.read_only}
        _list_in(notebook, "volumeMounts").append(shown)


def _mount_secret(
    spec: dict[str, Any], container: dict[str, Any], folder: SecretFolder, home: str
) -> None:
    name = f"secret-{len(_list_in(spec, 'volumes'))}"
    source: dict[str, Any] = {"secretName": folder.secret, "defaultMode": folder.mode}
    if folder.keys:
        source["items"] = [{"key": key, "path": key} for key in folder.keys]
    spec["volumes"].append({"name": name, "secret": source})
    path = folder.path if folder.path.startswith("/") else posixpath.join(home, folder.path)
    shown = {"name": name, "mountPath": path, "readOnly": True}
    _list_in(container, "volumeMounts").append(shown)


def _open_ports(notebook: dict[str, Any], plan: Plan) -> None:
    _list_in(notebook, "ports").extend(
        {"containerPort": one.number, "name": one.name, "protocol": one.protocol}
        for one in plan.ports
    )


def _add_sidecar(spec: dict[str, Any], sidecar: Sidecar) -> None:
    """Add a native sidecar: started before the session's program, ended after it."""
    container: dict[str, Any] = {
        "name": sidecar.name,
        "image": sidecar.image,
        "args": [_literal(text) for text in sidecar.args],
        "restartPolicy": "Always",
        "terminationMessagePolicy": "FallbackToLogsOnError",
    }
    if sidecar.probe is not None:
        probe = {"path": sidecar.probe.path, "port": sidecar.probe.port}
        container["startupProbe"] = {"httpGet": probe, "periodSeconds": 1, "failureThreshold": 60}
    sizes = {"cpu": sidecar.cpu, "memory": sidecar.memory}
    if any(sizes.values()):
        asked = {name: size for name, size in sizes.items() if size}
        container["resources"] = {"requests": asked, "limits": asked}
    for folder in sidecar.secret_folders:
        _mount_secret(spec, container, folder, "/")
    _list_in(spec, "initContainers").append(container)


def _set_account(spec: dict[str, Any], account: str | None) -> None:
    if account is not None:
        spec["serviceAccountName"] = account
        spec.pop("serviceAccount", None)
        spec["automountServiceAccountToken"] = True


def _restrict(spec: dict[str, Any]) -> None:
    """Fill what Pod Security “restricted” wants where nobody has said anything else.

    What the administrator runs as root stays so: it could not start, or not do its work, with the
    rest of it.
    """
    pod_wide = spec.get("securityContext") or {}
    for container in (*spec["containers"], *(spec.get("initContainers") or ())):
        own = container.get("securityContext") or {}
        is_root = {**pod_wide, **own}.get("runAsUser") == 0 or own.get("privileged")
        wanted = _OF_ROOT if is_root else tuple(_RESTRICTED)
        filled = {key: copy.deepcopy(_RESTRICTED[key]) for key in wanted if key not in pod_wide}
        container["securityContext"] = {**filled, **own}


def _list_in(thing: dict[str, Any], name: str) -> list[Any]:
    thing[name] = list(thing.get(name) or ())
    found: list[Any] = thing[name]
    return found

"""What `deploy/` brings, put into namespaces of a test's own on the tests' cluster."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from .kubectl import Kubectl

DEPLOY: Final = Path(__file__).resolve().parents[2] / "deploy"
# The names in `deploy/`: of the two namespaces, and of what lies in none.
HUB: Final = "jhub"
SESSIONS: Final = "jhub-sessions"
NODES: Final = "jupyterhub-sessions-nodes"


@dataclass(frozen=True)
class Names:
    """The namespaces of one test: the hub's, and its sessions'."""

    hub: str
    sessions: str

    def put_into(self, text: str) -> str:
        """Return manifests with these names in the place of those of `deploy/`."""
        names = {SESSIONS: self.sessions, HUB: self.hub, NODES: f"{NODES}-{self.sessions}"}
        return re.sub(
            r"(?<![\w-])(jhub-sessions|jhub|jupyterhub-sessions-nodes)(?![\w-])",
            lambda found: names[found[0]],
            text,
        )


def render(kubectl: Kubectl, folder: str, names: Names | None = None) -> list[dict[str, Any]]:
    """Return the objects of a folder of `deploy/`."""
    text = kubectl("kustomize", str(DEPLOY / folder))
    if names is not None:
        text = names.put_into(text)
    return [one for one in yaml.safe_load_all(text) if one]


def apply(kubectl: Kubectl, objects: list[dict[str, Any]], *words: str) -> str:
    """Apply objects, each in the namespace that it names."""
    body = {"apiVersion": "v1", "kind": "List", "items": objects}
    return kubectl("apply", "--filename=-", "--namespace=", *words, given=json.dumps(body))


def find(objects: list[dict[str, Any]], kind: str, name: str | None = None) -> dict[str, Any]:
    """Return the one object of a kind, or of a kind and a name."""
    (found,) = [
        one for one in objects if one["kind"] == kind and name in (None, one["metadata"]["name"])
    ]
    return found


def rights_of(role: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Return what a role allows: pairs of a resource and a verb."""
    return {
        (resource, verb)
        for rule in role["rules"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }


def write_kubeconfig(kubectl: Kubectl, path: Path, account: str) -> Path:
    """Write a kubeconfig with a token of a service account, and nothing of the administrator's."""
    shown = json.loads(kubectl("config", "view", "--raw", "--minify", "--output=json"))
    cluster = shown["clusters"][0]["cluster"]
    token = kubectl("create", "token", account, "--duration=2h").strip()
    user = {"name": account, "user": {"token": token}}
    context = {"cluster": "it", "user": account, "namespace": kubectl.namespace}
    written = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "it", "cluster": cluster}],
        "users": [user],
        "contexts": [{"name": "it", "context": context}],
        "current-context": "it",
    }
    path.touch(0o600)
    path.write_text(json.dumps(written))
    return path

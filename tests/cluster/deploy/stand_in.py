"""A hub as Zero to JupyterHub runs it, as far as `deploy/` touches it; its proxy runs beside."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from typing import Any

import yaml

from tests.support.deployed import DEPLOY, Names
from tests.support.product import ADMIN_TOKEN

VALUES = yaml.safe_load((DEPLOY / "z2jh" / "values.yaml").read_text())
_LABELS = {"app": "jupyterhub", "component": "hub"}
_FOLDER = "/srv/jupyterhub"
# What the chart's own file says before the values' share of it.
_BEFORE = """
c.JupyterHub.spawner_class = "kubespawner.KubeSpawner"
c.JupyterHub.bind_url = "{public}"
c.JupyterHub.hub_bind_url = "http://:8081"
c.JupyterHub.cleanup_servers = False
c.JupyterHub.db_url = "sqlite:////srv/jupyterhub/hub.sqlite"
c.JupyterHub.cookie_secret_file = "/srv/jupyterhub/cookie_secret"
c.JupyterHub.tornado_settings = {{"slow_spawn_timeout": 0}}
c.ConfigurableHTTPProxy.should_start = False
c.ConfigurableHTTPProxy.api_url = "{proxy_api}"
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = "word"
c.Authenticator.allow_all = True
c.Authenticator.admin_users = {{"admin"}}
c.JupyterHub.services = [{{"name": "tester", "api_token": "{tester}"}}]
c.JupyterHub.load_roles = [{{"name": "tester", "services": ["tester"], "scopes": [
    "admin:users", "tokens", "admin:servers", "access:services", "read:hub", "read:services"]}}]
c.KubeSpawner.image = "{image}"
c.KubeSpawner.image_pull_policy = "Never"
c.KubeSpawner.profile_list = [{{"display_name": "Python", "slug": "python", "default": True}}]
"""


@dataclass(frozen=True)
class Addresses:
    """Where everything is, by number: nobody answers names in the tests' cluster."""

    public: str
    proxy_api: str
    hub: str = ""
    service: str = ""

    def put_into(self, text: str) -> str:
        """Return configuration with these addresses in the place of names."""
        for name, address in (
            (r"http://sessions:8900", f"http://{self.service}:8900"),
            (r"http://proxy-public\.[\w-]+", self.public),
            (r"http://hub(\.[\w-]+)?:8081", f"http://{self.hub}:8081"),
        ):
            text = re.sub(name, address, text)
        return text


@dataclass(frozen=True)
class StandIn:
    """The objects of a hub in a namespace, and the Secret that it shares with the service."""

    names: Names
    hub_image: str
    session_image: str
    database_url: str
    proxy_token: str = field(default_factory=lambda: secrets.token_hex(16))

    def first_objects(self) -> list[dict[str, Any]]:
        """Return what is there before the hub: its namespace, account, Service and Secret."""
        given = {name: secrets.token_hex(32) for name in ("link.secret", "cookie.secret")}
        given |= {"service.token": secrets.token_hex(16), "database.url": self.database_url}
        given["crypt.keys"] = secrets.token_hex(32)
        return [
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.names.hub}},
            self._object("v1", "ServiceAccount", "hub"),
            self._object("v1", "Secret", "jupyterhub-sessions", stringData=given),
            self._object(
                "v1",
                "Service",
                "hub",
                spec={"selector": _LABELS, "ports": [{"port": 8081, "targetPort": 8081}]},
            ),
        ]

    def hub_objects(self, at: Addresses) -> list[dict[str, Any]]:
        """Return the hub."""
        before = _BEFORE.format(
            public=at.public,
            proxy_api=at.proxy_api,
            tester=ADMIN_TOKEN,
            image=self.session_image,
        )
        (ours,) = VALUES["hub"]["extraConfig"].values()
        text = before + at.put_into(self.names.put_into(ours))
        volumes = [
            *VALUES["hub"]["extraVolumes"],
            {"name": "config", "configMap": {"name": "hub"}},
            {"name": "files", "emptyDir": {}},
        ]
        mounts = [
            *VALUES["hub"]["extraVolumeMounts"],
            {"name": "config", "mountPath": "/etc/jupyterhub"},
            {"name": "files", "mountPath": _FOLDER},
        ]
        container = {
            "name": "hub",
            "image": self.hub_image,
            "imagePullPolicy": "Never",
            "command": ["jupyterhub", "--config=/etc/jupyterhub/jupyterhub_config.py"],
            "workingDir": _FOLDER,
            "env": [
                {"name": "CONFIGPROXY_AUTH_TOKEN", "value": self.proxy_token},
                {"name": "HOME", "value": _FOLDER},
            ],
            "volumeMounts": mounts,
        }
        template = {
            "metadata": {"labels": _LABELS},
            "spec": {
                "serviceAccountName": "hub",
                "securityContext": {"runAsUser": 1000, "runAsGroup": 1000, "fsGroup": 1000},
                "terminationGracePeriodSeconds": 2,
                "containers": [container],
                "volumes": volumes,
            },
        }
        spec = {
            "replicas": 1,
            "strategy": {"type": "Recreate"},
            "selector": {"matchLabels": _LABELS},
            "template": template,
        }
        return [
            self._object("v1", "ConfigMap", "hub", data={"jupyterhub_config.py": text}),
            self._object("apps/v1", "Deployment", "hub", spec=spec),
        ]

    def _object(self, version: str, kind: str, name: str, **rest: Any) -> dict[str, Any]:
        metadata = {"name": name, "namespace": self.names.hub}
        return {"apiVersion": version, "kind": kind, "metadata": metadata, **rest}

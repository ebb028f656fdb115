"""What is sent for a launch request, whole, and what stock KubeSpawner sends; without a cluster.

`python -m tests.support.session_manifests` writes the golden manifests anew.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from traitlets.config import Config

from tests.support.offline_hub import API_TOKEN, SERVER, offline_spawner

GOLDEN: Final = Path(__file__).parents[1] / "unit" / "kubernetes" / "manifests" / "golden"
GENERATION: Final = 2
_VERSIONS: Final = ("hub.jupyter.org/jupyterhub-version", "hub.jupyter.org/kubespawner-version")


@dataclass(frozen=True)
class Case:
    """A launch request on a hub with these settings, by somebody with these groups and rights.

    `options` are the same choices as stock KubeSpawner takes them.
    """

    request: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    user: str = "anna"
    groups: Sequence[str] = ()
    rights: frozenset[str] = frozenset()
    options: Mapping[str, Any] = field(default_factory=dict)

    def to_config(self) -> Config:
        """Return the hub's configuration."""
        base = {"namespace": "sessions", "image": "registry.example.org/session:1"}
        config = Config()
        for name, values in {**self.settings, "KubeSpawner": self.kubespawner(base)}.items():
            config[name].update(values)
        return config

    def kubespawner(self, base: Mapping[str, Any]) -> dict[str, Any]:
        """Return KubeSpawner's settings."""
        python = {"display_name": "Python", "slug": "python", "default": True}
        return {**base, "profile_list": [python], **self.settings.get("KubeSpawner", {})}


def make_ours(case: Case) -> dict[str, Any]:
    """Return pod, Secret and Service of a case, as they are sent. Raises what a start raises."""
    return asyncio.run(_make_ours(case))


async def _make_ours(case: Case) -> dict[str, Any]:
    from sessions_spawner.kubernetes.spawner import KubeSessionSpawner

    config = case.to_config()
    async with offline_spawner(
        config, KubeSessionSpawner, user=case.user, groups=case.groups
    ) as spawner:
        return await start_offline(spawner, case)


async def start_offline(spawner: Any, case: Case) -> dict[str, Any]:
    """Return what one start sends, made as `start` makes it; only admission is made up.

    Afterwards the spawner is as the hub leaves it when a server has ended.
    """
    from sessions_spawner import intake
    from sessions_spawner.kubernetes.bodies import make_bodies
    from sessions_spawner.request import parse_request
    from sessions_spawner.run import Run

    spawner.api_token = API_TOKEN
    request = parse_request({"environment": "python", **case.request})
    environments = {one.name: one for one in await spawner.list_environments()}
    checked = await intake.check_request(spawner, request, environments, case.rights)
    await spawner.rehearse(checked)
    names = dict.fromkeys([request.drive, *(one.drive for one in request.extra_drives)])
    drives = {name: f"d-{number}" for number, name in enumerate(names)}
    places = {one: f"claim-of-{one}" for one in drives.values()}
    run = Run(SERVER, GENERATION, request.name or "a name", request, drives, "", places=places)
    plan = spawner.make_plan(run, checked)
    spawner.dress(run, plan)
    try:
        bodies = await make_bodies(spawner, run, plan, checked.offers, hooks=True)
    finally:
        spawner.clear_state()
    made = {"pod": bodies.pod, "secret": bodies.secret, "service": bodies.service}
    found: dict[str, Any] = json.loads(json.dumps(made))
    return found


def make_stock(case: Case) -> dict[str, Any]:
    """Return the pod that KubeSpawner itself makes of a case's settings and options."""
    return asyncio.run(_make_stock(case))


async def _make_stock(case: Case) -> dict[str, Any]:
    from kubespawner.spawner import KubeSpawner
    from tornado.gen import maybe_future

    async with offline_spawner(case.to_config(), KubeSpawner, user=case.user) as spawner:
        spawner.user_options = dict(case.options)
        await spawner.load_user_options()
        pod = await spawner.get_pod_manifest()
        if spawner.modify_pod_hook:
            pod = await maybe_future(spawner.modify_pod_hook(spawner, pod))
        found: dict[str, Any] = spawner.api.api_client.sanitize_for_serialization(pod)
        return found


def to_golden(case: Case, made: Mapping[str, Any]) -> str:
    """Return a case and what was made of it as the text of its golden file.

    The Secret's values can be read there, and the versions of the hub's packages are left out.
    """
    found = json.loads(json.dumps(made))
    annotations = found["pod"]["metadata"]["annotations"]
    annotations.update(dict.fromkeys(_VERSIONS, "…"))
    data = found["secret"]["data"]
    found["secret"]["data"] = {key: _decoded(text) for key, text in data.items()}
    told = {"request": case.request, "settings": case.settings, "user": case.user}
    shown = {**told, "groups": sorted(case.groups), "rights": sorted(case.rights), **found}
    return json.dumps(shown, indent=1, ensure_ascii=False, default=_name_of) + "\n"


def _decoded(text: str) -> str:
    return base64.b64decode(text).decode()


def _name_of(thing: Callable[..., Any]) -> str:
    return f"function {thing.__name__}"


def main() -> None:
    """Write every golden manifest anew, and remove those without a case."""
    from tests.support.manifest_cases import CASES

    GOLDEN.mkdir(parents=True, exist_ok=True)
    for file in GOLDEN.glob("*.json"):
        if file.stem not in CASES:
            file.unlink()
    for name, case in CASES.items():
        (GOLDEN / f"{name}.json").write_text(to_golden(case, make_ours(case)), encoding="utf-8")


if __name__ == "__main__":
    main()

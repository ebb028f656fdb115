"""What people type is in the pod as they typed it: it is a template for nobody on the way."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sessions_spawner.kubernetes.spawner import KubeSessionSpawner
from tests.support.offline_hub import API_TOKEN, offline_spawner
from tests.support.session_manifests import Case, start_offline

PIECES = (
    *("{username}", "{0.__class__}", "{userid.__class__}", "{}", "{", "}", "{{", "}}", "{!r}"),
    *("$(HOME)", "$(JUPYTERHUB_API_TOKEN)", "$", "$$", "$((", ")", "${HOME}", "%s", "a", " "),
)
TYPED = st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join)
VARIABLES = {"HOME": "/expanded", "JUPYTERHUB_API_TOKEN": "expanded"}
HELPER = {"name": "side", "image": "i:1", "args": ["{username}", "{value}"]}
PROFILE = {
    "display_name": "Python",
    "slug": "python",
    "profile_options": {
        "own": {
            "unlisted_choice": {
                "enabled": True,
                "kubespawner_override": {
                    "environment": {"TYPED": "{username}: {value}"},
                    "extra_annotations": {"example.org/typed": "{username}: {value}"},
                    "extra_containers": [HELPER],
                    "cmd": ["start", "{value}"],
                    "default_url": "/lab/{value}",
                },
            }
        }
    },
}
CASE = Case(
    settings={
        "KubeSpawner": {"profile_list": [PROFILE]},
        "PodRules": {"allow": ["spec.containers[*]"]},
    },
    rights=frozenset({"pod-spec"}),
)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
@given(st.lists(st.tuples(TYPED, TYPED, TYPED, TYPED), min_size=2, max_size=4))
def test_no_typed_text_is_a_template(typed: list[tuple[str, str, str, str]]) -> None:
    """Several starts of one spawner, since a hub has one for many."""
    asyncio.run(start_all(typed))


async def start_all(typed: list[tuple[str, str, str, str]]) -> None:
    async with offline_spawner(CASE.to_config(), KubeSessionSpawner) as spawner:
        for name, own, variable, value in typed:
            request = {
                "name": name[:40],
                "choices": {"own": {"unlisted": own}},
                "env": {"MINE": variable},
                "pod_overrides": overrides(value),
            }
            made = await start_offline(spawner, Case(request, CASE.settings, rights=CASE.rights))
            check(made, name[:40].strip(), own, variable, value)


def overrides(value: str) -> str:
    note = {"user.jupyterhub-sessions/note": value}
    return yaml.safe_dump({"metadata": {"annotations": note}})


def check(made: Mapping[str, Any], name: str, own: str, variable: str, value: str) -> None:
    pod = made["pod"]
    annotations = pod["metadata"]["annotations"]
    notebook, side = pod["spec"]["containers"]
    env = {one["name"]: seen(one.get("value", "")) for one in notebook["env"]}
    assert env["SESSIONS_NAME"] == (name or "a name")
    assert env["TYPED"] == f"anna: {own}"
    assert env["JUPYTERHUB_DEFAULT_URL"] == f"/lab/{own}"
    assert [seen(word) for word in notebook["args"][:2]] == ["start", own]
    assert [seen(word) for word in side["args"]] == ["anna", own]
    assert annotations["example.org/typed"] == f"anna: {own}"
    assert annotations["user.jupyterhub-sessions/note"] == value
    assert base64.b64decode(made["secret"]["data"]["MINE"]).decode() == variable
    assert API_TOKEN not in json.dumps(pod)


def seen(text: str) -> str:
    """Return an argument or a variable's value as the kubelet gives it to a container."""
    return "".join(_pieces(text))


def _pieces(text: str) -> Iterator[str]:
    """Expand as Kubernetes does: `$$` is a `$`, `$(NAME)` a variable if there is one."""
    for piece in re.findall(r"\$\$|\$\([^)]*\)|[^$]+|\$", text):
        if piece == "$$":
            yield "$"
        elif piece.startswith("$(") and piece[2:-1] in VARIABLES:
            yield VARIABLES[piece[2:-1]]
        else:
            yield piece

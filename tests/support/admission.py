"""A real API server asked what it says to pods, by dry runs that make nothing."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kubernetes_asyncio import config
from kubernetes_asyncio.client import ApiClient, Configuration

from sessions_spawner.policy.pod_security import Level

Pod = Mapping[str, Any]

# Calls under way at once: more of them make two cores no faster.
_AT_ONCE: Final = 16
_MERGE: Final = "application/merge-patch+json"
_STRATEGIC: Final = "application/strategic-merge-patch+json"
_VIOLATES: Final = re.compile(r'violates PodSecurity "[^"]*": ')
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_DETAILS: Final = re.compile(r" ?\([^()]*\)")

# What the admission calls each control in its answers.
REASONS: Final[Mapping[str, str]] = {
    "allowPrivilegeEscalation": "allowPrivilegeEscalation != false",
    "appArmorProfile": "forbidden AppArmor profile",
    "capabilities_baseline": "non-default capabilities",
    "capabilities_restricted": "unrestricted capabilities",
    "hostNamespaces": "host namespaces",
    "hostPathVolumes": "hostPath volumes",
    "hostPorts": "hostPort",
    "hostProbesAndHostLifecycle": "probe or lifecycle host",
    "privileged": "privileged",
    "procMount": "procMount",
    "procMount_restricted": "procMount",
    "restrictedVolumes": "restricted volume types",
    "runAsNonRoot": "runAsNonRoot != true",
    "runAsUser": "runAsUser=0",
    "seLinuxOptions": "seLinuxOptions",
    "seccompProfile_baseline": "seccompProfile",
    "seccompProfile_restricted": "seccompProfile",
    "sysctls": "forbidden sysctls",
    "windowsHostProcess": "hostProcess",
}


@dataclass(frozen=True)
class Policy:
    """What a namespace is held to: a level, and the version of it as its label has it."""

    level: Level
    version: str


@dataclass(frozen=True)
class Answer:
    """What the API server says to one pod."""

    status: int
    message: str = ""

    @property
    def is_about_security(self) -> bool:
        """Tell whether the pod got as far as Pod Security: it is taken, or refused by that."""
        return self.status in (200, 201) or bool(_VIOLATES.search(self.message))

    @property
    def is_ill_typed(self) -> bool:
        """Tell whether it could not be read as a pod at all."""
        return self.status == 400 and "namespace of the provided object" not in self.message

    @property
    def reasons(self) -> set[str]:
        """The names of the controls that the pod breaks, as `REASONS` has them."""
        found = _VIOLATES.search(self.message)
        return set(_reasons_in(self.message[found.end() :])) if found else set()


def _reasons_in(text: str) -> Iterator[str]:
    """Give what is listed outside of quotes and brackets."""
    text = _QUOTED.sub("", text)
    while text != (shorter := _DETAILS.sub("", text)):
        text = shorter
    for reason in text.split(", "):
        yield reason.removesuffix("s") if "AppArmor" in reason else reason


@dataclass(frozen=True)
class ApiServer:
    """An API server, with one pool of connections."""

    client: ApiClient
    turns: asyncio.Semaphore

    async def create(self, namespace: str, pod: Pod, **query: str) -> Answer:
        """Ask for a pod, which is not made."""
        return await self._call(
            "POST", f"api/v1/namespaces/{namespace}/pods", pod, {"dryRun": "All", **query}
        )

    async def add_ephemeral(self, namespace: str, name: str, container: Pod) -> Answer:
        """Ask for an ephemeral container more in a pod that is there, which does not get it."""
        path = f"api/v1/namespaces/{namespace}/pods/{name}/ephemeralcontainers"
        body = {"spec": {"ephemeralContainers": [container]}}
        return await self._call("PATCH", path, body, {"dryRun": "All"}, _STRATEGIC)

    async def hold(self, namespace: str, policy: Policy) -> None:
        """Hold a namespace to a policy, and return when its admission knows."""
        label = "pod-security.kubernetes.io/enforce"
        labels = {label: policy.level, f"{label}-version": policy.version}
        body = {"metadata": {"labels": labels}}
        changed = await self._call("PATCH", f"api/v1/namespaces/{namespace}", body, {}, _MERGE)
        assert changed.status == 200, changed
        named = f'PodSecurity "{policy.level}:{policy.version}"'
        async with asyncio.timeout(20):
            while named not in (await self.create(namespace, _REFUSED)).message:
                pass  # each turn is a call

    async def _call(
        self,
        verb: str,
        path: str,
        body: Pod,
        query: Mapping[str, str],
        kind: str = "application/json",
    ) -> Answer:
        host = self.client.configuration.host
        pool = self.client.rest_client.pool_manager
        async with (
            self.turns,
            pool.request(
                verb,
                f"{host}/{path}",
                params=query,
                data=json.dumps(body),
                headers={"Content-Type": kind},
            ) as answer,
        ):
            said = await answer.json()
            return Answer(answer.status, str(said.get("message", "")))


# A pod that every level refuses.
_REFUSED: Final[Pod] = {
    "metadata": {"name": "refused"},
    "spec": {"hostPID": True, "containers": [{"name": "main", "image": "busybox"}]},
}


@asynccontextmanager
async def open_api(kubeconfig: Path) -> AsyncIterator[ApiServer]:
    """Give the API server of a kubeconfig."""
    configuration = Configuration()
    await config.load_kube_config(str(kubeconfig), client_configuration=configuration)
    configuration.connection_pool_maxsize = _AT_ONCE
    async with ApiClient(configuration) as client:
        yield ApiServer(client, asyncio.Semaphore(_AT_ONCE))


async def ask_all(
    api: ApiServer, namespaces: Sequence[str], asked: Mapping[Policy, Sequence[Pod]]
) -> list[tuple[Policy, Pod, Answer]]:
    """Return what is said to each pod under its policy; a namespace is held to one at a time."""
    waiting = list(asked.items())
    answers: list[tuple[Policy, Pod, Answer]] = []

    async def work(namespace: str) -> None:
        while waiting:
            policy, pods = waiting.pop()
            await api.hold(namespace, policy)
            said = await asyncio.gather(*(api.create(namespace, pod) for pod in pods))
            answers.extend((policy, *one) for one in zip(pods, said, strict=True))

    async with asyncio.TaskGroup() as tasks:
        for namespace in namespaces:
            tasks.create_task(work(namespace))
    return answers

"""One run's pod: waiting for it, judging what the cluster says about it, and its end."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

import aiohttp
from kubernetes_asyncio.client import ApiException

from ..mixin import Failure, StartFailed
from . import cluster_calls
from .diagnosis import Finding, Verdict, look
from .pods import NOTEBOOK
from .watching import Pod, PodWatch

_CONFLICT: Final = 409
_MISSING: Final = 404
# A pod that takes longer has its events asked for: some troubles are nowhere else.
_LOOK_SECONDS: Final = 3.0
_ANSWER_PAUSE: Final = 0.02
_ANSWER_TIMEOUT: Final = aiohttp.ClientTimeout(total=2)
_SERVER_ERROR: Final = 500


class RunPod:
    """The pod of one run, by its name; `verdict` and `lines` are what is kept of its end.

    `drives` are the names of its drives, by their claims'.
    """

    def __init__(
        self,
        api: Any,
        namespace: str,
        name: str,
        watch: PodWatch,
        drives: Mapping[str, str] | None = None,
    ) -> None:
        self._drives = drives or {}
        self._api = api
        self._namespace = namespace
        self._watch = watch
        self.name = name
        self.is_made = False
        self.verdict: Verdict | None = None
        self.lines: tuple[str, ...] = ()
        self._seen: Pod | None = None

    @property
    def now(self) -> Pod | None:
        """The pod as it is now, None for one that is not there."""
        pod = self._watch.pods.get(self.name)
        self._seen = pod or self._seen
        return pod

    @property
    def failure(self) -> Failure | None:
        """Why it ended, as far as the cluster said."""
        return failure_of(self.verdict) if self.verdict else None

    async def make(self, pod: Mapping[str, Any], secret: Mapping[str, Any]) -> str:
        """Make the pod and its Secret, which ends with it; return the pod's uid.

        Objects of the same names are of an earlier call whose answer was lost. Raises one of
        `CALL_ERRORS`; then `discard` is to be called.
        """
        await self._create("secret", secret)
        self.is_made = True
        made = await self._create("pod", pod)
        if made is None:
            made = await self._api.read_namespaced_pod(self.name, self._namespace)
        owner = {"apiVersion": "v1", "kind": "Pod", "name": self.name, "uid": made.metadata.uid}
        patch = {"metadata": {"ownerReferences": [owner]}}
        await self._api.patch_namespaced_secret(self.name, self._namespace, patch)
        uid: str = made.metadata.uid
        return uid

    async def discard(self) -> None:
        """Delete what was made of it, as far as the API server answers.

        A Secret whose pod was never made would stay for ever: nothing owns it.
        """
        with suppress(*cluster_calls.CALL_ERRORS):
            await self.delete(0)
        with suppress(*cluster_calls.CALL_ERRORS):
            await self._api.delete_namespaced_secret(self.name, self._namespace)

    async def _create(self, kind: str, body: Mapping[str, Any]) -> Any:
        try:
            return await getattr(self._api, f"create_namespaced_{kind}")(self._namespace, body)
        except ApiException as error:
            if error.status != _CONFLICT:
                raise
            return None

    async def wait_running(self) -> Pod:
        """Return the pod once everything in it is well. Raises `StartFailed`."""
        looking = asyncio.create_task(self._look_closer())
        try:
            return await self._watch.wait_for(self.name, self._judge)
        finally:
            looking.cancel()

    async def wait_answer(self, address: str) -> None:
        """Wait until the server answers, looked at often since it is about to.

        Raises `StartFailed` when the pod ends before.
        """
        async with aiohttp.ClientSession(timeout=_ANSWER_TIMEOUT) as client:
            while not await _answers(client, address):
                self._judge(self.now)
                await asyncio.sleep(_ANSWER_PAUSE)

    def _judge(self, pod: Pod | None) -> Pod | None:
        """Return a pod that is ready, None for one on its way. Raises `StartFailed`."""
        if pod is None:
            if self._seen is None:
                return None
            raise StartFailed(Failure("lost", "its pod was deleted"))
        self._seen = pod
        finding = look(pod)
        verdict = finding.verdict or self.verdict
        if verdict is not None and (finding.is_over or verdict.is_final):
            self.verdict = verdict
            raise StartFailed(failure_of(verdict))
        return pod if finding.is_ready and pod["status"].get("podIP") else None

    async def _look_closer(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            self.verdict = (await self._examine()).verdict or self.verdict
            if self.verdict is not None and self.verdict.is_final:
                self._watch.nudge(self.name)

    async def _examine(self) -> Finding:
        """Look at the pod with its events and claims, from the API server."""
        is_gone = self.now is None
        pod = self._seen or {}
        volumes = pod.get("spec", {}).get("volumes", ())
        names = [one["persistentVolumeClaim"]["claimName"] for one in volumes]
        events, claims, *of_claims = await asyncio.gather(
            cluster_calls.events_of(self._api, self._namespace, self.name),
            cluster_calls.claims_of(self._api, self._namespace, names),
            *(cluster_calls.events_of(self._api, self._namespace, name) for name in names),
        )
        told = [event for listed in of_claims for event in listed]
        return look(
            pod,
            events,
            claims=claims,
            claim_events=told,
            drives=self._drives,
            is_gone=is_gone,
        )

    async def keep_evidence(self) -> None:
        """Keep what is lost with the pod: its last lines, and the cluster's words about it."""
        if self.lines or self._seen is None:
            return
        finding = await self._examine()
        self.verdict = finding.verdict or self.verdict
        printed = await cluster_calls.last_lines(self._api, self._namespace, self.name, NOTEBOOK)
        self.lines = (*printed, *finding.lines, *finding.evidence)

    def poll(self) -> int | None:
        """Return None while it runs or starts, else its exit code."""
        pod = self.now
        if pod is None:
            return 1
        finding = look(pod)
        if not finding.is_over:
            return None
        code = finding.verdict.exit_code if finding.verdict else None
        return 1 if code is None else code

    async def delete(self, grace: int) -> bool:
        """Ask for its end; tell whether there was one. Raises `ApiException`."""
        try:
            await self._api.delete_namespaced_pod(
                self.name, self._namespace, grace_period_seconds=grace
            )
        except ApiException as error:
            if error.status != _MISSING:
                raise
            return False
        return True

    async def end(self, grace: int) -> None:
        """Delete it and wait until it is gone: its drives may be mounted elsewhere then."""
        if await self.delete(grace):
            await self._watch.wait_for(self.name, lambda pod: True if pod is None else None)


def failure_of(verdict: Verdict) -> Failure:
    """Return a verdict as the spawner tells it."""
    return Failure(verdict.cause, verdict.detail, verdict.exit_code, verdict.words)


async def _answers(client: aiohttp.ClientSession, address: str) -> bool:
    """Tell whether a server answers, with anything but an error of its own."""
    try:
        async with client.get(address, allow_redirects=False) as answer:
            return answer.status < _SERVER_ERROR
    except (aiohttp.ClientError, TimeoutError, OSError):
        return False

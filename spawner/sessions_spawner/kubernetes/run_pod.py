"""One run's pod: waiting for it, judging what the cluster says about it, and its end."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

import aiohttp
from kubernetes_asyncio.client import ApiException

from ..run import Failure, StartFailed
from . import cluster_calls
from .cluster_calls import CALL_ERRORS, call_plainly
from .diagnosis import Finding, Verdict, look
from .leftovers import remove_later
from .making import CALL_SECONDS, call_again, is_of_run, make_pod, make_secret
from .news import News
from .pods import NOTEBOOK
from .sight import Sight
from .trimming import Pod
from .watching import PodWatch

log = logging.getLogger(__name__)

_GONE: Final = (404, 409)
# A pod that takes longer has its events asked for: some troubles are nowhere else.
_LOOK_SECONDS: Final = 3.0
# What settles is taken for final when it is still so after this time.
_SETTLE_SECONDS: Final = 2.5
# How long, beyond its grace, a pod's end is waited for: a lost machine never tells of it.
_END_SECONDS: Final = 20.0
_PAUSE: Final = 0.5
_ANSWER_PAUSE: Final = 0.02
_ANSWER_TIMEOUT: Final = aiohttp.ClientTimeout(total=2)
_SERVER_ERROR: Final = 500
# The API server looks through all events of the namespace for those of one pod: of a burst of
# starts, some go without.
_LOOKING: Final = asyncio.Semaphore(2)


class RunPod:
    """The pod of one run, by its name; `verdict` and `lines` are what is kept of its end.

    `drives` are the names of its drives, by their claims'. `is_left`: its end was asked for and
    nobody has said that it came, so that its program may still run.
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
        self.is_left = False
        self.verdict: Verdict | None = None
        self.lines: tuple[str, ...] = ()
        self.news = News()
        self.sight = Sight()
        self._labels: Mapping[str, str] = {}
        self._has_secret = False
        self._unready = ""
        self._seen: Pod | None = None
        self._settling: dict[tuple[str, str], float] = {}

    @property
    def now(self) -> Pod | None:
        """The pod as it is now, None for one that is not there."""
        pod = self._watch.pods.get(self.name)
        self._seen = pod or self._seen
        return pod

    @property
    def may_run_on(self) -> bool:
        """Tell whether its program may still run although the session is over."""
        pod = self.now
        is_lost = self.verdict is not None and self.verdict.cause == "node-lost"
        return self.is_left or (is_lost and pod is not None and look(pod).may_still_run)

    @property
    def failure(self) -> Failure | None:
        """Why it ended, or what keeps it from running, as far as the cluster said."""
        if self.verdict is not None:
            return failure_of(self.verdict)
        if self._watch.is_away:
            return Failure("start-timeout", "waiting for the cluster, which does not answer")
        return Failure("start-timeout", self._unready) if self._unready else None

    async def make(self, pod: Mapping[str, Any], secret: Mapping[str, Any]) -> str:
        """Make the pod and its Secret, which ends with it; return the pod's uid.

        Raises one of `CALL_ERRORS`; then `give_up` is to be called.
        """
        self.is_made = self._has_secret = True
        self._labels = pod["metadata"]["labels"]
        await make_secret(self._api, self._namespace, secret)
        made = await make_pod(self._api, self._namespace, pod)
        uid: str = made["metadata"]["uid"]
        owner = {"apiVersion": "v1", "kind": "Pod", "name": self.name, "uid": uid}
        patch = {"metadata": {"ownerReferences": [owner]}}
        change = self._api.patch_namespaced_secret
        await call_again(
            lambda: call_plainly(
                change, self.name, self._namespace, patch, _request_timeout=CALL_SECONDS
            )
        )
        self._has_secret = False
        return uid

    async def wait_running(self, tell: Callable[[Failure | None], None] | None = None) -> Pod:
        """Return the pod once everything in it is well. Raises `StartFailed`.

        `tell` is called with what it waits for each time that this is another, None for nothing.
        """
        looking = asyncio.create_task(self._look_closer(tell))
        try:
            return await self._watch.wait_for(self.name, self._judge)
        finally:
            looking.cancel()

    async def wait_answer(self, address: str) -> None:
        """Wait until the server answers, looked at often since it is about to.

        Raises `StartFailed` when the pod ends before.
        """
        looking = asyncio.create_task(self._look_once())
        try:
            async with aiohttp.ClientSession(timeout=_ANSWER_TIMEOUT) as client:
                while not await _answers(client, address):
                    self._judge(self.now)
                    await asyncio.sleep(_ANSWER_PAUSE)
        finally:
            looking.cancel()

    def _judge(self, pod: Pod | None) -> Pod | None:
        """Return a pod that is ready, None for one on its way. Raises `StartFailed`."""
        if pod is None:
            if self._seen is None:
                return None
            raise StartFailed(Failure("lost", "its pod was deleted"))
        self._seen = pod
        self.sight.take_pod(pod)
        finding = look(pod)
        found = finding.verdict
        # The events of a closer look say more than the pod does, but never more surely.
        if finding.is_over or (found is not None and (found.is_final or self.verdict is None)):
            self._take(finding)
        if self.verdict is not None and self.verdict.is_final:
            raise StartFailed(failure_of(self.verdict))
        return pod if finding.is_ready and pod["status"].get("podIP") else None

    def _take(self, finding: Finding) -> None:
        """Keep what a look found, unless something final was found before."""
        if self.verdict is not None and self.verdict.is_final:
            return
        helper = next((one for one in finding.unready if one.name != NOTEBOOK), None)
        self._unready = f"its helper ‘{helper.name}’: {helper.why}" if helper else ""
        verdict = finding.verdict
        if verdict is not None and verdict.is_settling:
            since = self._settling.setdefault((verdict.cause, verdict.detail), time.monotonic())
            is_final = time.monotonic() - since >= _SETTLE_SECONDS
            verdict = replace(verdict, is_final=verdict.is_final or is_final)
        self.verdict = verdict

    async def _look_closer(self, tell: Callable[[Failure | None], None] | None) -> None:
        told: Failure | None = None
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            self._take(await self._examine())
            if self.verdict is not None and self.verdict.is_final:
                self._watch.nudge(self.name)
            elif tell is not None and self.failure != told:
                told = self.failure
                tell(told)

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
        finding = look(
            pod,
            events,
            claims=claims,
            claim_events=told,
            drives=self._drives,
            is_gone=is_gone,
        )
        self.sight.take_finding(finding, pod)
        return finding

    async def _look_once(self) -> None:
        """See what the cluster told of a start that is about to be over, unless many look."""
        if not _LOOKING.locked():
            async with _LOOKING:
                events = await cluster_calls.events_of(self._api, self._namespace, self.name)
            pod = self._seen or {}
            self.sight.take_finding(look(pod, events), pod)

    async def keep_evidence(self) -> None:
        """Keep what is lost with the pod: its last lines, and the cluster's words about it."""
        if self.lines:
            return
        finding = await self._examine()
        if finding.verdict is not None or not self._watch.is_away:
            self._take(finding)
        words = self.verdict.words if self.verdict else {}
        container = str(words.get("container", NOTEBOOK))
        printed = await self._read_last(container, finding)
        # What the cluster told is in `sight`, for the report as well.
        self.lines = tuple(printed) or finding.lines

    async def _read_last(self, container: str, finding: Finding) -> tuple[str, ...]:
        """Return the last lines of a container, of the session's program those before its end.

        The kubelet may have started that anew, also since the pod was looked at.
        """
        read = partial(cluster_calls.last_lines, self._api, self._namespace, self.name, container)
        is_lost = finding.verdict is not None and finding.verdict.cause == "node-lost"
        if container != NOTEBOOK or not finding.is_over or is_lost:
            return await read()
        printed = await read(before=True)
        return printed if printed or finding.restarts else await read()

    def poll(self) -> int | None:
        """Return None while it runs or starts, else its exit code."""
        pod = self.now
        if pod is None:
            return None if self.is_made and self._seen is None else 1
        finding = look(pod)
        if not finding.is_over:
            return None
        code = finding.verdict.exit_code if finding.verdict else None
        return 1 if code is None else code

    # Its end

    async def give_up(self, grace: int) -> None:
        """End a start that came to nothing: keep why, remove what was made of it."""
        if self.is_made:
            await self.keep_evidence()
            await self.end(grace)
            await self.clear(grace)

    async def end(self, grace: int) -> None:
        """Delete it and wait until it is gone: its drives may be mounted elsewhere then.

        The wait has an end; then `is_left` is true, and the pod goes as soon as it can. The hub
        asks again for the end of a start that it gave up: nobody waits twice.
        """
        if self.is_left:
            return
        try:
            async with asyncio.timeout(grace + _END_SECONDS):
                # Before all pods are known, one that is not there may be.
                await self._watch.wait_synced(None)
                await self._delete_for_certain(grace)
                await self._watch.wait_for(self.name, lambda pod: True if pod is None else None)
        except TimeoutError:
            self.is_left = True
            remove_later(self.name, lambda: self._remove(grace))

    async def _delete_for_certain(self, grace: int) -> None:
        while True:
            try:
                await self.delete(grace)
            except CALL_ERRORS as error:
                if cluster_calls.explain(error).is_final:
                    raise
            else:
                return
            await asyncio.sleep(_PAUSE)

    async def clear(self, grace: int) -> None:
        """Remove what is left of it, at once or as soon as the API server answers.

        One whose programs may still run is never forced: the API server would forget it, and its
        drives would be taken for free.
        """
        if self.is_left:
            return
        try:
            await self._remove(grace)
        except CALL_ERRORS:
            remove_later(self.name, lambda: self._remove(grace))
        self.is_made = False

    async def _remove(self, grace: int) -> None:
        pod = self.now
        if pod is not None or self._seen is None:
            await self.delete(grace if pod is not None and look(pod).may_still_run else 0)
        if self._has_secret:
            await self._answered(self._api.delete_namespaced_secret)

    async def delete(self, grace: int) -> None:
        """Ask for its end; another's pod of that name is left alone.

        Raises one of `CALL_ERRORS`.
        """
        uid = await self._find_uid()
        if uid is not None:
            options = {"gracePeriodSeconds": grace, "preconditions": {"uid": uid}}
            await self._answered(self._api.delete_namespaced_pod, body=options)

    async def _find_uid(self) -> str | None:
        """Return what tells it from another pod of that name; None where it is not there."""
        pod = self.now or self._seen
        if pod is not None:
            return str(pod["metadata"]["uid"])
        there = await self._answered(self._api.read_namespaced_pod) if self._labels else None
        if there is None or not is_of_run(there.metadata.labels or {}, self._labels):
            return None
        return str(there.metadata.uid)

    async def _answered(self, call: Any, **given: Any) -> Any:
        """Return the answer of a call about it; None where it is gone."""
        try:
            return await call(self.name, self._namespace, _request_timeout=CALL_SECONDS, **given)
        except ApiException as error:
            if error.status not in _GONE:
                raise
            return None


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

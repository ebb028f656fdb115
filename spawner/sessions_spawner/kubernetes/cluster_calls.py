"""Calls to the API server that the spawner makes beside KubeSpawner's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final

import aiohttp
from kubernetes_asyncio.client import ApiException, CoreV1Api

from .diagnosis import Verdict, explain_refusal
from .watching import Call, Stream

# What a call raises when it is refused, or not answered.
CALL_ERRORS: Final = (ApiException, aiohttp.ClientError, OSError)
_AWAY: Final = 503
_LINES: Final = 40
_LINE_LENGTH: Final = 500
# The client's names for what the API calls otherwise.
_PARAMETERS: Final = {
    "continue": "_continue",
    "resourceVersion": "resource_version",
    "allowWatchBookmarks": "allow_watch_bookmarks",
    "timeoutSeconds": "timeout_seconds",
}


def pods_of(api: CoreV1Api, namespace: str, selector: str) -> Call:
    """Return what a watch calls for the pods of a namespace with a label."""

    async def call(asked: Mapping[str, Any]) -> Stream:
        given = {_PARAMETERS.get(name, name): value for name, value in asked.items()}
        if "watch" in given:
            given["watch"] = True
        answer: Any = await api.list_namespaced_pod(
            namespace, label_selector=selector, _preload_content=False, **given
        )
        if answer.status != 200:
            raise _refusal(answer, await answer.read())
        found: Stream = answer
        return found

    return call


async def call_plainly(call: Any, *given: Any, **named: Any) -> dict[str, Any]:
    """Return what a call of the client brings, as JSON: its objects cost more than the call.

    Raises one of `CALL_ERRORS`.
    """
    answer = await call(*given, _preload_content=False, **named)
    body = await answer.read()
    if not 200 <= answer.status < 300:
        raise _refusal(answer, body)
    found: dict[str, Any] = json.loads(body)
    return found


async def events_of(api: CoreV1Api, namespace: str, name: str) -> list[dict[str, Any]]:
    """Return the events about one object, as JSON; none while the API server is away."""
    return await _listed(
        api.list_namespaced_event,
        namespace,
        field_selector=f"involvedObject.name={name}",
        limit=100,
    )


async def claims_of(api: CoreV1Api, namespace: str, names: list[str]) -> list[dict[str, Any]]:
    """Return claims by their names, as JSON; without those that cannot be read now."""
    call = api.list_namespaced_persistent_volume_claim
    asked = (_listed(call, namespace, field_selector=f"metadata.name={name}") for name in names)
    return [claim for listed in await asyncio.gather(*asked) for claim in listed]


async def last_lines(
    api: CoreV1Api, namespace: str, pod: str, container: str, *, before: bool = False
) -> tuple[str, ...]:
    """Return the last lines that a container printed; none if they cannot be read.

    `before`: of its run before this one.
    """
    try:
        text = await api.read_namespaced_pod_log(
            pod,
            namespace,
            container=container,
            tail_lines=_LINES,
            previous=before,
            _request_timeout=5,
        )
    except CALL_ERRORS:
        return ()
    # Of a pod that no machine has yet there is no answer at all.
    return tuple(line[:_LINE_LENGTH] for line in str(text or "").splitlines())


def explain(error: Exception) -> Verdict:
    """Return why a call failed, of those of `CALL_ERRORS`: no answer is like a 503."""
    if not isinstance(error, ApiException):
        return explain_refusal(_AWAY, {})
    try:
        body = json.loads(error.body or "{}")
    except ValueError:
        body = {}
    return explain_refusal(int(error.status or _AWAY), body)


async def _listed(call: Any, namespace: str, **given: Any) -> list[dict[str, Any]]:
    try:
        body = await call_plainly(call, namespace, _request_timeout=5, **given)
    except (*CALL_ERRORS, ValueError):
        return []
    return list(body.get("items") or ())


def _refusal(answer: Any, body: bytes) -> ApiException:
    error = ApiException(status=answer.status, reason=answer.reason)
    error.body = body
    return error

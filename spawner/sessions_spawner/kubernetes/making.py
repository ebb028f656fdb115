"""Makes the objects of a run, also where an answer is lost or the name is not free yet."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeVar

from kubernetes_asyncio.client import ApiException

from .cluster_calls import CALL_ERRORS, call_plainly, explain
from .pods import GENERATION, HUB, SESSION

T = TypeVar("T")

CALL_SECONDS: Final = 5
# An API server that is started anew is away for a few seconds: a start outlives that.
_TRY_SECONDS: Final = 8.0
_PAUSE: Final = 0.3
_CONFLICT: Final = 409
_MISSING: Final = 404


async def make_pod(api: Any, namespace: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Make a pod; return it as JSON, also that of an earlier call whose answer was lost.

    One of that name that is being removed is waited for, however long that takes. Raises one of
    `CALL_ERRORS`, also where something else has that name.
    """
    while True:
        try:
            return await _create(api.create_namespaced_pod, namespace, body)
        except ApiException as error:
            if not _is_taken(error):
                raise
            there = await _read(api, body["metadata"]["name"], namespace)
            if there is not None and "deletionTimestamp" not in there["metadata"]:
                if is_of_run(there["metadata"].get("labels") or {}, body["metadata"]["labels"]):
                    return there
                raise
        await asyncio.sleep(_PAUSE)


async def make_secret(api: Any, namespace: str, body: Mapping[str, Any]) -> None:
    """Make a Secret; one of that name is of an earlier call. Raises one of `CALL_ERRORS`."""
    try:
        await _create(api.create_namespaced_secret, namespace, body)
    except ApiException as error:
        if not _is_taken(error):
            raise


def is_of_run(labels: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    """Tell whether a pod's labels are those of a run of this hub."""
    return all(labels.get(name) == wanted.get(name) for name in (HUB, SESSION, GENERATION))


async def call_again(call: Callable[[], Awaitable[T]]) -> T:
    """Return what a call answers; without an answer it is tried again for some seconds."""
    deadline = time.monotonic() + _TRY_SECONDS
    while True:
        try:
            return await call()
        except CALL_ERRORS as error:
            is_late = time.monotonic() + _PAUSE > deadline
            if is_late or _is_taken(error) or explain(error).is_final:
                raise
        await asyncio.sleep(_PAUSE)


async def _create(call: Any, namespace: str, body: Mapping[str, Any]) -> dict[str, Any]:
    return await call_again(
        lambda: call_plainly(call, namespace, body, _request_timeout=CALL_SECONDS)
    )


def _is_taken(error: Exception) -> bool:
    """Tell whether a name is in use; what changed in the same moment is the same status."""
    is_conflict = isinstance(error, ApiException) and error.status == _CONFLICT
    return is_conflict and "AlreadyExists" in str(getattr(error, "body", ""))


async def _read(api: Any, name: str, namespace: str) -> dict[str, Any] | None:
    call = api.read_namespaced_pod
    try:
        return await call_again(
            lambda: call_plainly(call, name, namespace, _request_timeout=CALL_SECONDS)
        )
    except ApiException as error:
        if error.status != _MISSING:
            raise
        return None

"""Why a call to the API server failed, whatever it raised."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from kubernetes_asyncio.client import ApiException

from sessions_spawner.kubernetes.cluster_calls import CALL_ERRORS, explain, last_lines


@pytest.mark.parametrize(
    "error", [ConnectionRefusedError(), TimeoutError(), aiohttp.ServerDisconnectedError()]
)
def test_an_api_server_that_does_not_answer_is_said_to_be_away(error: Exception) -> None:
    assert isinstance(error, CALL_ERRORS)
    verdict = explain(error)
    assert verdict.cause == "refused"
    assert "does not answer" in verdict.detail


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", None])
def test_a_refusal_without_words_is_told_by_its_status(body: bytes | None) -> None:
    error = ApiException(status=500)
    error.body = body
    assert "500" in explain(error).detail


class NoMachineYet:
    """An API server whose pod no machine has: its log is answered with nothing at all."""

    async def read_namespaced_pod_log(self, *_words: Any, **_given: Any) -> str | None:
        return None


async def test_a_pod_that_no_machine_has_printed_nothing() -> None:
    api: Any = NoMachineYet()
    assert await last_lines(api, "sessions", "s1", "notebook") == ()

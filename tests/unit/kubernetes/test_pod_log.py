"""The log of a container: its tail, each line after it once, and what the cluster refuses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from kubernetes_asyncio.client import ApiException

from sessions_spawner.kubernetes.pod_log import read_pod_log
from sessions_spawner.wire.channel import Refused
from sessions_spawner.wire.messages import LogLines, LogQuestion
from tests.support.pod_states import make_container, make_pod, well

POD = make_pod(well(), well("proxy"), init=[make_container("prepare")], phase="Running")
NOW = datetime.now(UTC)


def at(seconds: float) -> str:
    """Return a moment as a kubelet writes it, with nine digits."""
    return (NOW + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.%f") + "123Z"


@dataclass
class Kubelet:
    """An API server with one container's log; `printed` are time and text of its lines."""

    printed: list[tuple[str, str]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    error: Exception | None = None
    status: int = 200

    async def read_namespaced_pod_log(self, _pod: str, _space: str, **given: Any) -> Kubelet:
        self.asked.append(given)
        if self.error is not None:
            raise self.error
        return self

    async def read(self) -> bytes:
        shown = self.printed[-self.asked[-1]["tail_lines"] :]
        body = "".join(f"{time} {text}\n" for time, text in shown).encode()
        return body[: self.asked[-1]["limit_bytes"]]


async def ask(kubelet: Kubelet, **more: Any) -> LogLines:
    question = LogQuestion(id="s", generation=1, **more)
    return await read_pod_log(kubelet, "sessions", "p", POD, question)


async def test_the_tail_comes_first_and_then_each_line_once() -> None:
    kubelet = Kubelet([(at(-5), "a"), (at(-4), "b"), (at(-3), "c")])
    first = await ask(kubelet, tail=2)
    assert first.lines == ("b", "c")
    assert first.container == "notebook"
    assert first.containers == ("prepare", "notebook", "proxy")
    kubelet.printed += [(at(-2), "d"), (at(-1), "")]
    then = await ask(kubelet, cursor=first.cursor)
    assert then.lines == ("d", "")
    assert not then.skipped
    assert kubelet.asked[-1]["since_seconds"] >= 3
    assert (await ask(kubelet, cursor=then.cursor)).lines == ()


@pytest.mark.parametrize("longer", [0, 100])
async def test_of_a_tail_that_is_too_long_the_newest_lines_are_told(longer: int) -> None:
    wide = [(at(-3000 + n / 2), f"{n:04} " + "x" * (400 + n * longer // 500)) for n in range(5000)]
    kubelet = Kubelet(wide)
    found = await ask(kubelet, tail=5000)
    assert found.lines[-1].startswith("4999 ")
    assert len(found.lines) > 200
    kubelet.printed.append((at(-1), "then"))
    assert (await ask(kubelet, cursor=found.cursor)).lines == ("then",)


async def test_an_endless_line_is_asked_for_a_few_times_and_no_more() -> None:
    kubelet = Kubelet([(at(-1), "x" * 2**20)])
    assert (await ask(kubelet, tail=5000)).lines == ()
    assert len(kubelet.asked) == 2


async def test_lines_of_the_very_same_time_are_told_once_each() -> None:
    kubelet = Kubelet([(at(-5), "a"), (at(-5), "a")])
    first = await ask(kubelet)
    kubelet.printed.append((at(-5), "a"))
    then = await ask(kubelet, cursor=first.cursor)
    assert then.lines == ("a",)
    assert (await ask(kubelet, cursor=then.cursor)).lines == ()


async def test_what_came_too_fast_is_said_to_be_left_out() -> None:
    kubelet = Kubelet([(at(-5), "a")])
    first = await ask(kubelet)
    kubelet.printed = [(at(-4 + number / 1000), str(number)) for number in range(3000)]
    then = await ask(kubelet, cursor=first.cursor)
    assert then.skipped
    assert then.lines[-1] == "2999"
    assert (await ask(kubelet, cursor=then.cursor)).skipped is False


async def test_a_container_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(Refused, match="no container ‘other’"):
        await ask(Kubelet(), container="other")
    assert (await ask(Kubelet([(at(-1), "x")]), container="proxy")).container == "proxy"


@pytest.mark.parametrize("status", [400, 404])
async def test_what_has_not_begun_or_is_gone_printed_nothing(status: int) -> None:
    assert (await ask(Kubelet(error=ApiException(status=status)))).lines == ()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ApiException(status=403), "may not read logs"),
        (ApiException(status=500), "500"),
        (ConnectionRefusedError(), "does not answer"),
    ],
)
async def test_a_log_that_cannot_be_had_says_why(error: Exception, words: str) -> None:
    with pytest.raises(Refused, match=words):
        await ask(Kubelet(error=error))


@pytest.mark.parametrize("cursor", ["x", "2026", "2026-11-21T00:00:00Z", "yesterday 3"])
async def test_a_cursor_that_is_none_gives_the_tail(cursor: str) -> None:
    kubelet = Kubelet([(at(-1), "x")])
    assert (await ask(kubelet, cursor=cursor)).lines == ("x",)
    assert "since_seconds" not in kubelet.asked[-1]

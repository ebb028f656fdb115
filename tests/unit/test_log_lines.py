"""Lines of a log as people may see them, and who answers for them in the hub process."""

from __future__ import annotations

import asyncio
import hashlib
import time
from types import SimpleNamespace
from typing import Any

import pytest

from sessions_spawner.log_answers import LogAnswers
from sessions_spawner.log_lines import LINE_LENGTH, MOST_LINES, tidy
from sessions_spawner.wire.channel import Refused
from sessions_spawner.wire.messages import LogLines, LogQuestion

TOKEN = "0123456789abcdef0123456789abcdef"
DIGEST = hashlib.sha256(TOKEN.encode()).hexdigest()


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("plain words", "plain words"),
        ("\x1b[31mred\x1b[0m and \x1b]0;a title\x07more", "red and more"),
        (" 10 %\r 50 %\r100 %", "100 %"),
        ("with a return\r", "with a return"),
        ("http://x/lab?token=abc&x=1", "http://x/lab?token=***&x=1"),
        (f"it is {TOKEN}.", "it is ***."),
        (f'{{"a": "{TOKEN}"}}', '{"a": "***"}'),
        ("f" * 32, "f" * 32),
        ("Authorization: Bearer eyJ.abc-d", "Authorization: Bearer ***"),
        ("authorization: token abc", "authorization: token ***"),
        ("{'Authorization': 'Basic YWJj'}", "{'Authorization': 'Basic ***'}"),
        ("{'password': 'x', 'user': 'y'}", "{'password': '***', 'user': 'y'}"),
        ('{"a_token":"x","b":1}', '{"a_token":"***","b":1}'),
        (r"{\"token\": \"abc\"}", r"{\"token\": \"***\"}"),
        ("'secret': b'xx'", "'secret': b'***'"),
        ("Cookie: a=1; _xsrf=2; c=3", "Cookie: ***"),
        ("password   :   x", "password   :   ***"),
        ("the token is fine", "the token is fine"),
    ],
)
def test_a_line_is_shown_without_what_moves_or_is_secret(line: str, shown: str) -> None:
    assert tidy(line, DIGEST) == shown


def test_an_endless_line_is_cut() -> None:
    shown = tidy("word " * LINE_LENGTH, DIGEST)
    assert len(shown) == LINE_LENGTH
    assert shown.endswith("…")


@pytest.mark.parametrize("word", ["token", "token-", "token=a;", "token:bearer "])
def test_no_line_takes_long_to_mask(word: str) -> None:
    began = time.process_time()
    for _ in range(50):
        tidy((word * LINE_LENGTH)[: 4 * LINE_LENGTH])
    assert time.process_time() - began < 2


class Speaking:
    """A spawner whose run prints its own token."""

    def __init__(self) -> None:
        self.asked: LogQuestion | None = None
        self.run: Any = SimpleNamespace(token_sha256=DIGEST)

    async def read_log(self, _run: Any, question: LogQuestion) -> LogLines:
        self.asked = question
        return LogLines(lines=(f"my token is {TOKEN}",), cursor="7")


async def test_a_run_that_goes_on_is_asked_with_bounds_and_its_token_is_masked() -> None:
    speaking = Speaking()
    answers = LogAnswers({"s1:2": speaking}.get)
    body = {"id": "s1", "generation": 2, "tail": 10**9}
    told = await answers.answerers["logs"](body)
    assert told["lines"] == ["my token is ***"]
    assert told["cursor"] == "7"
    assert speaking.asked is not None
    assert speaking.asked.tail == MOST_LINES


class Busy(Speaking):
    """A spawner that answers when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.let = asyncio.Event()

    async def read_log(self, run: Any, question: LogQuestion) -> LogLines:
        await self.let.wait()
        return await super().read_log(run, question)


async def test_a_run_that_ends_while_a_question_waits_for_its_turn_is_answered_for() -> None:
    busy = Busy()
    answers = LogAnswers({"s1:2": busy}.get)
    body = {"id": "s1", "generation": 2}
    asked = [asyncio.create_task(answers.read(body)) for _ in range(20)]
    await asyncio.sleep(0)
    busy.run = None
    busy.let.set()
    assert [told["lines"] for told in await asyncio.gather(*asked)] == [["my token is ***"]] * 20


@pytest.mark.parametrize(
    "body",
    [{"id": "s1", "generation": 1}, {"id": "s1"}, {"id": "s1", "generation": 2, "path": "/etc"}],
)
async def test_other_runs_and_other_questions_are_refused(body: dict[str, Any]) -> None:
    answers = LogAnswers({"s1:2": Speaking()}.get)
    with pytest.raises(Refused):
        await answers.read(body)

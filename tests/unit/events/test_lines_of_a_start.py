"""What a start prints comes to whoever follows it, as long as it is under way."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from sessions_service.events import handlers
from sessions_service.events.fanout import Stream
from sessions_service.events.handlers import SessionEvents
from sessions_service.identity.visitor import Visitor
from sessions_service.lifecycle.table import State
from sessions_service.web.errors import Away
from sessions_spawner.wire.channel import LinkDown
from sessions_spawner.wire.messages import LogLines


class Starting:
    """A service without a database, whose hub process is away now and then."""

    def __init__(self, *answers: tuple[str, ...] | Exception) -> None:
        self.logs = self
        self.session: Any = SimpleNamespace(id="s1", generation=1, state=State.STARTING)
        self._answers = list(answers)

    async def read(self, _session: Any, _question: Any) -> LogLines:
        answer = self._answers.pop(0)
        if not self._answers:
            self.session.state = State.RUNNING
        if isinstance(answer, Exception):
            raise answer
        return LogLines(lines=answer)


@pytest.mark.parametrize("visitor", ["anna", "admin"])
async def test_the_owner_gets_each_lines_once_whatever_is_away_meanwhile(
    visitor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers, "_LINES_SECONDS", 0)
    starting = Starting(
        LinkDown("away"), ("a",), Away("busy"), ("a",), ("a", "b"), LinkDown("away")
    )
    handler: Any = object.__new__(SessionEvents)
    handler.service, handler._session = starting, starting.session
    handler.visitor = Visitor(visitor, frozenset())
    stream = Stream(visitor, "anna", "s1")
    await handler._follow_lines(stream)
    told = [{"lines": ["a"]}, {"lines": ["a", "b"]}] if visitor == "anna" else []
    assert stream.details == [("lines", one) for one in told]

"""Sends what was observed to the Sessions service: regularly, and at once when there is news."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from ..doors import installed_doors
from .answer import Answer, read_answer
from .memory import Kills
from .usage import Usage, UsageMeter
from .uses import Kind, Use, is_news

REQUEST_SECONDS = 10.0
LONGEST_WAIT_SECONDS = 60.0
MOST_NEWS = 20  # reports in a row that news may cause,
NEWS_SECONDS = 6.0  # and how long it takes until one more may
LAST_CALL_SECONDS = 10.0  # before the end, when use that was not reported yet cannot wait
MOST_ANSWER_BYTES = 64 * 1024


@dataclass(frozen=True)
class Target:
    """Where reports go; without an address nothing is sent."""

    url: str
    token: str
    every_seconds: float

    def __repr__(self) -> str:
        return f"Target(url={self.url!r}, every_seconds={self.every_seconds})"


class Budget:
    """A few reports at once, then one each `NEWS_SECONDS`, so that flapping costs little."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.left = float(MOST_NEWS)
        self.counted = clock()

    def may_spend(self) -> bool:
        """Take one if there is one."""
        now = self.clock()
        self.left = min(MOST_NEWS, self.left + (now - self.counted) / NEWS_SECONDS)
        self.counted = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


class Reporter:
    """Decides when to report, sends, and keeps the service's last answer."""

    def __init__(
        self,
        target: Target,
        log: Any,
        clock: Callable[[], float] = time.monotonic,
        meter: UsageMeter | None = None,
    ) -> None:
        self.target = target
        self.log = log
        self.clock = clock
        self.meter = meter
        self.budget = Budget(clock)
        self.client: AsyncHTTPClient | None = None
        self.sending: asyncio.Task[None] | None = None
        self.seen: dict[Kind, Use] = {}
        self.kills: Kills | None = None
        self.has_news = False
        self.idle: dict[str, Any] | None = None
        self.reported_at: datetime | None = None
        self.failures = 0
        self.ends: float | None = None
        self.reported_use = 0.0
        self.next_regular = clock()
        self.not_before = clock()

    def consider(self, uses: Mapping[Kind, Use], kills: Kills | None = None) -> None:
        """Start a report of `uses` and `kills` if one is due; return at once."""
        now = self.clock()
        is_killed = kills is not None and kills.count > (self.kills.count if self.kills else 0)
        self.has_news = self.has_news or is_killed or is_news(self.seen, uses)
        self.seen, self.kills = dict(uses), kills
        if not self.target.url or now < self.not_before:
            return
        if self.sending is not None and not self.sending.done():
            return
        is_due = now >= self.next_regular or self.failures > 0 or self._is_last_call(uses)
        if is_due or (self.has_news and self.budget.may_spend()):
            self.has_news = False
            self.sending = asyncio.get_running_loop().create_task(self.send(dict(uses), kills))

    def _is_last_call(self, uses: Mapping[Kind, Use]) -> bool:
        """Tell whether the session would end soon without what was not reported yet."""
        if self.ends is None or self.clock() < self.ends - LAST_CALL_SECONDS:
            return False
        return _last_use(uses) > self.reported_use

    async def send(self, uses: dict[Kind, Use], kills: Kills | None = None) -> None:
        """Send one report; a failure is noted and waited out, never raised."""
        try:
            answer = await self._fetch(uses, kills)
        except (HTTPClientError, OSError, ValueError) as error:
            self._note_failure(error)
            return
        if self.failures:
            self.log.info("activity report accepted again after_failures=%d", self.failures)
        self.failures = 0
        self.next_regular = self.clock() + self.target.every_seconds
        self.reported_use = _last_use(uses)
        self._take(answer)

    def _take(self, answer: Answer) -> None:
        self.reported_at = answer.at
        self.idle = answer.idle
        left = answer.seconds_left()
        self.ends = None if left is None else self.clock() + left

    async def _fetch(self, uses: Mapping[Kind, Use], kills: Kills | None) -> Answer:
        self.client = self.client or SimpleAsyncHTTPClient(
            force_instance=True, max_body_size=MOST_ANSWER_BYTES
        )
        request = HTTPRequest(
            self.target.url,
            method="PUT",
            headers={
                "Authorization": f"token {self.target.token}",
                "Content-Type": "application/json",
            },
            body=json.dumps(make_report(uses, kills, await self._measure())),
            follow_redirects=False,
            connect_timeout=REQUEST_SECONDS,
            request_timeout=REQUEST_SECONDS,
        )
        response = await self.client.fetch(request)
        return read_answer(response.body, response.headers)

    async def _measure(self) -> Usage | None:
        return await asyncio.to_thread(self.meter.measure) if self.meter else None

    def _note_failure(self, error: Exception) -> None:
        wait = min(LONGEST_WAIT_SECONDS, 2.0**self.failures)
        wait *= random.uniform(0.75, 1.25)  # noqa: S311  so that sessions do not come back together
        self.failures += 1
        self.not_before = self.clock() + wait
        reason = (
            f"status={error.code}" if isinstance(error, HTTPClientError) else type(error).__name__
        )
        say = self.log.warning if self.failures == 1 else self.log.debug
        say("activity report failed %s retry_seconds=%.0f", reason, wait)


def make_report(
    uses: Mapping[Kind, Use], kills: Kills | None, usage: Usage | None = None
) -> dict[str, object]:
    """Make a report's body; what is counted and measured is in it where that can be done."""
    report: dict[str, object] = {
        "used": [use.as_json() for use in uses.values()],
        "doors": installed_doors(),
    }
    if kills is not None:
        report["memory"] = kills.as_json()
    if usage is not None:
        report["usage"] = usage.as_json()
    return report


def _last_use(uses: Mapping[Kind, Use]) -> float:
    return max((use.at for use in uses.values()), default=0.0)

"""The first report of a server's activity to the hub."""

from __future__ import annotations

import asyncio

from sessions_spawner.local.passed_socket import put_off_first_report


async def test_the_first_report_comes_some_time_after_the_start() -> None:
    reported = asyncio.Event()

    class Server:
        async def keep_activity_updated(self) -> None:
            reported.set()

    put_off_first_report(Server, seconds=0.3)
    reporting = asyncio.create_task(Server().keep_activity_updated())
    await asyncio.sleep(0)

    assert not reported.is_set()
    await asyncio.wait_for(reported.wait(), 10)
    await reporting

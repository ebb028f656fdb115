"""Background tasks end for certain."""

from __future__ import annotations

import asyncio

from sessions_service.ending import end_tasks


async def test_a_task_that_loses_a_cancel_is_ended_all_the_same() -> None:
    lost = 0

    async def work() -> None:
        nonlocal lost
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                if lost:
                    raise
                lost += 1

    task = asyncio.create_task(work())
    await asyncio.sleep(0)  # it waits now
    await end_tasks([task])
    assert task.cancelled()
    assert lost == 1


async def test_without_tasks_there_is_nothing_to_end() -> None:
    await end_tasks([])

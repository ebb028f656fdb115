"""The report of an end that comes after the end: who looks on is told what it brings."""

from __future__ import annotations

from pathlib import Path

from tests.support.product import running_product
from tests.support.streams import EventStream

# The hub says that a server is gone long before its spawner's report reaches the service: time
# enough to open the start in between.
_LATE = """
import asyncio
from sessions_spawner.wire.hub_end import HubEnd

_at_once = HubEnd.report

def _late(self, report, agrees=None):
    seconds = 8 if report.kind == "ended" else 0
    asyncio.get_running_loop().call_later(seconds, _at_once, self, report, agrees)

HubEnd.report = _late
"""


def test_stages_that_come_with_a_late_report_reach_who_opened_the_ended_start(
    tmp_path: Path,
) -> None:
    with running_product(tmp_path, extra=_LATE) as product:
        session = product.create(environment="silent")
        address = f"{product.base}api/v1/sessions/{session['id']}/events"
        with EventStream(address, product.token("anna")) as live:
            live.wait("stage", lambda data: data["name"] == "starting")
            product.api("POST", f"sessions/{session['id']}/stop", expect=202)
            live.wait("end")
        with EventStream(address, product.token("anna")) as later:
            later.wait("end")
            assert [event.data["name"] for event in later.of_kind("stage")] == ["created"]
            later.wait("stage", lambda data: data["name"] == "starting")
            assert later.wait("end").data["explanation"]["sentence"] == "You stopped it."

"""What a visitor is told of what this hub offers."""

from __future__ import annotations

from sessions_service.offers import udp
from sessions_spawner.policy.attachments import NO_UDP
from sessions_spawner.request.offers import NO_OFFERS, Offers
from sessions_spawner.wire.snapshot import Snapshot


def test_udp_is_told_with_the_reason_where_it_is_closed() -> None:
    assert udp(NO_OFFERS, Snapshot()) == {"on": False, "reason": NO_UDP}
    assert udp(Offers(udp=True), Snapshot()) == {"on": True, "reason": ""}
    closed = Snapshot(unsupported={"ports": "Not here."})
    assert udp(Offers(udp=True), closed) == {"on": False, "reason": "Not here."}

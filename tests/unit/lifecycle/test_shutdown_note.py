"""The note that the hub was being stopped: what lives on is taken out once that is known."""

from __future__ import annotations

from pathlib import Path

from sessions_service.process.shutdown_note import ShutdownNote
from sessions_spawner.wire.messages import LiveServer


def server(session_id: str, *, ready: bool = False, pending: str | None = None) -> LiveServer:
    return LiveServer(
        owner="anna",
        created="2026-01-01",
        server=session_id,
        id=session_id,
        generation=1,
        ready=ready,
        pending=pending,
    )


def test_what_a_new_hub_still_looks_at_stays_until_that_is_known(tmp_path: Path) -> None:
    path = tmp_path / "note"
    note = ShutdownNote(path)
    note.write([("s1", 1), ("s2", 1), ("s3", 1), ("s4", 1)])
    found = [server("s1", ready=True), server("s2", pending="spawn")]
    assert not note.settle([*found, server("s3", pending="check")])
    assert [note.has(f"s{n}", 1) for n in (1, 2, 3, 4)] == [False, False, True, True]
    assert note.settle([server("s3", ready=True)])
    assert not note.has("s3", 1)
    assert ShutdownNote(path).has("s4", 1)


def test_what_a_new_hub_finds_gone_keeps_its_cause(tmp_path: Path) -> None:
    note = ShutdownNote(tmp_path / "note")
    note.write([("s1", 1)])
    assert not note.settle([server("s1", pending="check")])
    assert note.settle([])
    assert note.has("s1", 1)


def test_a_server_that_is_not_of_the_note_is_not_waited_for(tmp_path: Path) -> None:
    note = ShutdownNote(tmp_path / "note")
    note.write([("s1", 1)])
    assert note.settle([server("s2", pending="check")])

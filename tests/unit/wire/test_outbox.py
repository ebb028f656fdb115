"""Reports wait in a file until they are confirmed, whatever happens to the hub meanwhile."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sessions_spawner.wire.outbox import Outbox


def ids(outbox: Outbox) -> list[str]:
    """Return the ids of the reports that wait."""
    return [report["id"] for report in outbox.waiting()]


def reopened(path: Path) -> list[str]:
    """Return the ids of the reports that a restarted hub finds."""
    outbox = Outbox(path)
    found = ids(outbox)
    outbox.close()
    return found


def test_reports_wait_in_their_order_until_they_are_confirmed(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox")
    for name in "abc":
        outbox.add({"id": name})
    assert [(one["id"], one["n"]) for one in outbox.waiting()] == [("a", 1), ("b", 2), ("c", 3)]
    outbox.confirm([1, 2])
    assert ids(outbox) == ["c"]
    outbox.add({"id": "d"})
    assert ids(outbox) == ["c", "d"]
    outbox.confirm([4, 3])
    assert outbox.waiting() == []
    outbox.close()


def test_reports_survive_the_hub(tmp_path: Path) -> None:
    path = tmp_path / "outbox"
    outbox = Outbox(path)
    outbox.add({"id": "a", "detail": "Grüße\n🚀"})
    # The hub was killed: nothing was closed in order.
    found = Outbox(path)
    assert found.waiting() == [{"id": "a", "detail": "Grüße\n🚀", "n": 1}]
    found.close()
    outbox.close()


def test_the_file_is_empty_again_once_everything_is_confirmed(tmp_path: Path) -> None:
    path = tmp_path / "outbox"
    outbox = Outbox(path)
    for round_ in range(3):
        outbox.add({"id": f"r{round_}"})
        assert path.stat().st_size
        outbox.confirm([outbox.waiting()[-1]["n"]])
        assert path.stat().st_size == 0
    outbox.add({"id": "last"})
    outbox.close()
    assert reopened(path) == ["last"]


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "outbox"
    Outbox(path).close()
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    Outbox(path).close()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_symbolic_link_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    target.write_text(json.dumps({"id": "planted", "n": 1}) + "\n")
    path = tmp_path / "outbox"
    path.symlink_to(target)
    with pytest.raises(OSError, match="symbolic links"):
        Outbox(path)


@pytest.mark.parametrize(
    "torn",
    [b'{"id":"b","n', b'{"id":"b","n":2', b"\xff\xfe\x00", b"{}", b"[]", b"5", b'{"n":"x"}'],
)
def test_a_torn_last_line_costs_no_other_report(tmp_path: Path, torn: bytes) -> None:
    path = tmp_path / "outbox"
    path.write_bytes(b'{"id":"a","n":1}\n' + torn)
    outbox = Outbox(path)
    assert ids(outbox) == ["a"]
    # What is added next is found again after the next restart, too.
    outbox.add({"id": "c"})
    outbox.close()
    assert reopened(path) == ["a", "c"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    steps=st.lists(st.integers(1, 3) | st.just("reopen") | st.just("confirm"), max_size=15),
    torn=st.booleans(),
)
def test_no_report_is_lost_or_comes_back_in_a_run(
    tmp_path: Path, steps: list[int | str], torn: bool
) -> None:
    path = tmp_path / "outbox"
    path.unlink(missing_ok=True)
    outbox, wanted, made = Outbox(path), list[str](), 0
    for step in steps:
        if step == "reopen":
            outbox.close()
            if torn:
                with path.open("ab") as file:
                    file.write(b'{"id":"torn","n":')
            outbox = Outbox(path)
        elif step == "confirm":
            if wanted:
                outbox.confirm([one["n"] for one in outbox.waiting()])
                wanted = []
        else:
            for _ in range(int(step)):
                made += 1
                outbox.add({"id": f"r{made}"})
                wanted.append(f"r{made}")
        assert ids(outbox) == wanted
    outbox.close()

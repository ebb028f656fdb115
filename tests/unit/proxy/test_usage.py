"""What a session uses now: of its own group where it has one, else of its processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from sessions_proxy.activity.memory import Kills
from sessions_proxy.activity.reporter import make_report
from sessions_proxy.activity.usage import (
    Usage,
    UsageMeter,
    bytes_of_processes,
    make_meter,
    seconds_of_processes,
)

MIB = 2**20
POD = {"SESSIONS_OWN_NETWORK": "1"}


def meter(seconds: list[float], times: list[float], memory: int = MIB) -> UsageMeter:
    """Return a meter that finds these seconds used at these times."""
    used, clock = iter(seconds), iter(times)
    return UsageMeter(lambda: next(used), lambda: memory, lambda: next(clock))


def test_cpu_is_what_was_used_from_one_measuring_to_the_next() -> None:
    measured = meter([5.0, 20.0, 20.0], [0.0, 10.0, 70.0])
    assert [measured.measure() for _ in range(3)] == [
        Usage(None, MIB),
        Usage(1.5, MIB),
        Usage(0.0, MIB),
    ]


def test_two_reports_at_once_do_not_make_cpu_of_an_instant() -> None:
    measured = meter([5.0, 20.0, 21.0], [0.0, 10.0, 10.1])
    measured.measure()
    assert measured.measure() == measured.measure() == Usage(1.5, MIB)


def test_what_ended_and_took_its_time_with_it_is_not_less_than_nothing() -> None:
    measured = meter([20.0, 5.0], [0.0, 10.0])
    measured.measure()
    assert measured.measure() == Usage(0.0, MIB)


def test_what_cannot_be_read_is_left_out_of_the_report() -> None:
    def fail() -> float:
        raise OSError("gone")

    assert UsageMeter(fail, lambda: 1).measure() is None
    assert "usage" not in make_report({}, None, None)
    report = make_report({}, Kills(1), Usage(0.5, MIB))
    assert (report["usage"], "memory" in report) == ({"cpu": 0.5, "memory": MIB}, True)


@pytest.fixture
def group(tmp_path: Path) -> tuple[Path, Path]:
    """Give a container's group of version 2, and what its process sees of the system."""
    proc, folder = tmp_path / "self", tmp_path / "cgroup"
    proc.mkdir()
    folder.mkdir()
    (proc / "cgroup").write_text("0::/\n")
    (proc / "mounts").write_text(f"cgroup2 {folder} cgroup2 rw 0 0\n")
    (folder / "cpu.stat").write_text("usage_usec 2500000\nuser_usec 1\n")
    (folder / "memory.current").write_text(f"{300 * MIB}\n")
    (folder / "memory.stat").write_text(f"anon 1\ninactive_file {100 * MIB}\n")
    return folder, proc


def test_a_container_is_measured_as_a_whole_without_files_that_can_go(
    group: tuple[Path, Path],
) -> None:
    folder, proc = group
    measured = make_meter(POD, proc)
    assert measured.seconds_used() == 2.5
    assert measured.measure() == Usage(None, 200 * MIB)
    (folder / "memory.current").unlink()
    assert measured.measure() is None


def test_a_group_with_other_programs_in_it_is_not_the_sessions(group: tuple[Path, Path]) -> None:
    measured = make_meter({}, group[1])
    assert measured.bytes_used is bytes_of_processes
    assert measured.seconds_used is seconds_of_processes


def test_the_processes_of_this_test_use_something() -> None:
    assert seconds_of_processes() > 0
    assert bytes_of_processes() > MIB

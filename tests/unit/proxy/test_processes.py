"""Reading the process table: whose terminal has which program in the foreground."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_proxy.activity.processes import (
    Process,
    descendants,
    foreground_jobs,
    parse_stat,
    read_processes,
)

PTS = 34816


def process(pid: int, parent: int, *, name: str = "x", leads: bool = False, at: int = 0) -> Process:
    return Process(pid, name, parent, pid, pid if leads else 1, PTS if leads else 0, at)


@given(st.text(min_size=1, max_size=15))
def test_a_name_with_anything_in_it_does_not_shift_the_numbers(name: str) -> None:
    read = parse_stat(f"42 ({name}) S 7 42 40 34816 43 4194304 1 2 3")
    assert read == Process(42, name, 7, 42, 40, 34816, 43)


def test_what_is_no_stat_is_refused() -> None:
    with pytest.raises(ValueError, match="stat"):
        parse_stat("42 (x) S")


def test_this_process_is_found_with_its_parent() -> None:
    assert read_processes()[os.getpid()].parent == os.getppid()


def test_descendants_are_followed_and_roots_are_not_among_them() -> None:
    table = {p.pid: p for p in [process(2, 1), process(3, 2), process(4, 3), process(5, 1)]}
    assert descendants(table, lambda one: one.pid == 2) == {3, 4}


def test_a_shell_that_waits_for_input_has_no_job() -> None:
    shell = process(10, 1, leads=True, at=10)
    assert foreground_jobs({10: shell}, [10]) == []


def test_the_program_in_the_foreground_is_the_job() -> None:
    shell = process(10, 1, leads=True, at=11)
    job = process(11, 10, name="train")
    assert foreground_jobs({10: shell, 11: job}, [10, 11]) == ["train"]


def test_processes_without_a_terminal_or_that_are_gone_are_no_shells() -> None:
    daemon = Process(20, "daemon", 1, 20, 20, 0, -1)
    assert foreground_jobs({20: daemon}, [20, 99]) == []

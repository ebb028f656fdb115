"""What `make test` and `make test-all` run, and that the gate of a change runs the former."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.bootstrap import checks, test_runs
from tools.bootstrap.python_packages import HUB_5, HUB_6
from tools.bootstrap.test_runs import (
    CLUSTER,
    EVERYTHING,
    TEST,
    TEST_ALL,
    WITH_DATABASE,
    chosen_by,
)

CHECKOUT = Path(__file__).resolve().parents[2]


def test_the_gate_of_a_change_runs_make_test_and_takes_no_missing_part() -> None:
    lines = (CHECKOUT / ".ci" / "run").read_text().splitlines()
    assert lines[-2:] == ["export CI=true", "make test"]


def test_a_change_is_tested_on_both_hub_lines() -> None:
    everything, doors, _on_cluster = TEST
    assert (everything.environment, everything.database) == (HUB_6, "sqlite")
    assert everything.arguments[0] == "tests"
    assert (doors.environment, doors.arguments[0]) == (HUB_5, "tests")
    assert doors.arguments[-2:] == ("-m", "hub5 and not slow")


def test_everything_is_both_hub_lines_on_both_databases() -> None:
    lines = {(run.environment, run.database) for run in TEST_ALL}
    assert lines == {(hub, kind) for hub in (HUB_6, HUB_5) for kind in ("sqlite", "postgresql")}
    whole = {run.arguments for run in TEST_ALL if "-m" not in run.arguments}
    assert {EVERYTHING, (CLUSTER,)} <= whole  # no test is in no run


def test_what_a_database_changes_is_tested_on_each() -> None:
    tiers = {folder.name for folder in (CHECKOUT / "tests").iterdir() if is_tier(folder.name)}
    changed = {f"tests/{tier}" for tier in tiers - {"unit"}}  # which knows no service's database
    on_postgresql = [run for run in TEST_ALL if run.database == "postgresql"]
    assert changed == {
        one for run in on_postgresql for one in run.arguments if one.startswith("tests/")
    }
    assert {WITH_DATABASE, (CLUSTER,)} <= {run.arguments for run in on_postgresql}


@pytest.mark.parametrize("runs", [TEST, TEST_ALL], ids=["test", "test-all"])
def test_tests_of_a_cluster_run_once_and_last_for_what_they_need_is_built_meanwhile(
    runs: tuple[test_runs.TestRun, ...],
) -> None:
    where = [run.on_cluster for run in runs]
    assert where == sorted(where)
    assert any(where)
    for run in runs:
        others = "--ignore=tests/cluster" in run.arguments or run.arguments[0] != "tests"
        assert ("tests/cluster" in run.arguments) is run.on_cluster
        assert others or run.on_cluster
    assert len({run.report for run in runs}) == len(runs)


def test_a_change_is_tested_on_a_cluster_without_what_takes_long() -> None:
    assert TEST[-1].arguments == ("tests/cluster", "-m", "not slow")


def test_files_of_tests_run_side_by_side_but_those_of_a_cluster_and_what_is_chosen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 64)
    monkeypatch.delenv("ONLY", raising=False)
    report = tmp_path / "report.xml"
    beside = {run.title: "--numprocesses" in test_runs._argv(run, report) for run in TEST}
    assert list(beside.values()) == [True, True, False]
    argv = test_runs._argv(TEST[0], report)
    assert argv[argv.index("--numprocesses") + 1] == "4"
    monkeypatch.setenv("ONLY", "tests/unit")
    assert test_runs._argv(TEST[0], report)[-2:] == ["--durations-min=2", "tests/unit"]


@pytest.mark.parametrize("runs", [TEST, TEST_ALL], ids=["test", "test-all"])
def test_chosen_tests_are_run_once_and_on_a_cluster_if_they_are_of_one(
    runs: tuple[test_runs.TestRun, ...],
) -> None:
    assert chosen_by("", runs) == runs
    assert chosen_by("tests/unit -k name", runs) == runs[:1]
    (chosen,) = chosen_by("tests/cluster/test_cluster.py", runs)
    assert chosen.on_cluster


def is_tier(name: str) -> bool:
    folder = CHECKOUT / "tests" / name
    return folder.is_dir() and any(folder.rglob("test_*.py"))


def test_lint_is_style_form_types_and_imports() -> None:
    assert [title for title, _argv in checks.python_checks()] == [
        "ruff check",
        "ruff format",
        "mypy",
        "import contracts",
    ]


REPORT = (
    '<?xml version="1.0"?><testsuites name="pytest tests"><testsuite name="pytest" errors="1" '
    'failures="2" skipped="3" tests="10" time="1.0" timestamp="x"><testcase/></testsuite>'
)


def test_what_was_skipped_is_in_the_sum(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    counts = {"passed": 4, "failed": 3, "skipped": 3}
    assert test_runs._counts(report) == counts
    assert test_runs._counts(tmp_path / "none.xml") == {}


def test_longer_tests_are_named_by_their_reason() -> None:
    """What `make test` leaves to `make test-all` is counted here, so that nobody adds by habit.

    Tests of a cluster are not: failures, outages, scale and lost nodes are whole folders there.
    """
    marked = re.compile(r"mark\.slow\b")
    found = {
        str(path.relative_to(CHECKOUT)): len(marked.findall(path.read_text()))
        for path in (CHECKOUT / "tests").rglob("test_*.py")
        if path != Path(__file__)
        and CHECKOUT / "tests" / "cluster" not in path.parents
        and marked.search(path.read_text())
    }
    assert found == {
        "tests/browser/acceptance/test_troubles.py": 1,  # all of (m): restarts, a cut stream
        "tests/integration/faults/test_failpoints.py": 1,  # every place, every action
        "tests/integration/faults/test_hub_killed.py": 4,  # many kills
        "tests/integration/ordinary/test_way.py": 1,  # a kill, as above, of sessions started so
        "tests/integration/security/test_ports.py": 1,  # somebody who takes all ports
        "tests/unit/policy/overrides/test_pod_fields.py": 1,  # Kubernetes' own sources
        "tests/unit/policy/pod_security/test_official_fixtures.py": 1,
        "tests/unit/test_packaging.py": 1,  # installs from a registry
    }

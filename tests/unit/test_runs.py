"""What `make test` and `make test-all` run, and that the gate of a change runs the former."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.bootstrap import checks, test_runs
from tools.bootstrap.python_packages import HUB_5, HUB_6
from tools.bootstrap.test_runs import TEST, TEST_ALL

CHECKOUT = Path(__file__).resolve().parents[2]


def test_the_gate_of_a_change_runs_make_test_and_takes_no_missing_part() -> None:
    lines = (CHECKOUT / ".ci" / "run").read_text().splitlines()
    assert lines[-2:] == ["export CI=true", "make test"]


def test_a_change_is_tested_on_both_hub_lines() -> None:
    everything, doors = TEST
    assert (everything.environment, everything.database) == (HUB_6, "sqlite")
    assert everything.arguments[0] == "tests"
    assert (doors.environment, doors.arguments[:2]) == (HUB_5, ("tests", "-m"))
    assert doors.arguments[2].startswith("hub5")


def test_everything_is_both_hub_lines_on_both_databases() -> None:
    lines = {(run.environment, run.database) for run in TEST_ALL}
    assert lines == {(hub, kind) for hub in (HUB_6, HUB_5) for kind in ("sqlite", "postgresql")}
    assert not any("-m" in run.arguments for run in TEST_ALL)


@pytest.mark.parametrize("run", [run for run in TEST_ALL if run.arguments != ("tests",)], ids=str)
def test_what_a_database_changes_is_tested_on_each(run: test_runs.TestRun) -> None:
    tiers = {folder.name for folder in (CHECKOUT / "tests").iterdir() if is_tier(folder.name)}
    folders = {folder.removeprefix("tests/") for folder in run.arguments}
    assert folders == tiers - {"unit"}  # which knows no service's database


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
    """What `make test` leaves to `make test-all` is counted here, so that nobody adds by habit."""
    marked = re.compile(r"mark\.slow\b")
    found = {
        str(path.relative_to(CHECKOUT)): len(marked.findall(path.read_text()))
        for path in (CHECKOUT / "tests").rglob("test_*.py")
        if path != Path(__file__) and marked.search(path.read_text())
    }
    assert found == {
        "tests/cluster/test_cluster.py": 1,  # programs that take minutes to build
        "tests/cluster/test_sessions.py": 1,
        "tests/integration/faults/test_failpoints.py": 1,  # every place, every action
        "tests/integration/faults/test_hub_killed.py": 3,  # many kills
        "tests/unit/policy/overrides/test_pod_fields.py": 1,  # Kubernetes' own sources
        "tests/unit/policy/pod_security/test_official_fixtures.py": 1,
        "tests/unit/test_packaging.py": 1,  # installs from a registry
    }

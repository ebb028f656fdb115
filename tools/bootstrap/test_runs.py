"""Which tests run where: `make test` and `make test-all` as lists of pytest runs."""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from .cluster_parts import cluster_parts, find_go, is_ahead
from .code_server import ensure_code_server, is_wanted
from .machine import CHROMIUM, POSTGRESQL, advice_for, try_install, under_ci
from .node_packages import ensure_pages, ensure_proxy
from .places import BUILD, CHECKOUT
from .python_packages import HUB_5, HUB_6, Environment, ensure_environment, ensure_installed
from .steps import Trouble, say
from .supervise import end_leftovers, run_supervised

NO_TESTS = 5  # pytest's exit code when nothing was selected
LEFTOVER_GRACE_SECONDS = 3.0


@dataclass(frozen=True)
class TestRun:
    """One pytest run: on which hub line and database, and what it selects."""

    title: str
    environment: Environment
    database: str
    arguments: tuple[str, ...]
    on_cluster: bool = False

    @property
    def report(self) -> Path:
        """Return the file of pytest's JUnit report."""
        where = "-kubernetes" if self.on_cluster else ""
        return BUILD / "reports" / f"hub-{self.environment.hub_line}-{self.database}{where}.xml"


# Tests of a cluster run last: what they need is built while the others run.
CLUSTER = "tests/cluster"
EVERYTHING = ("tests", f"--ignore={CLUSTER}")
# Store and contracts take both databases within one run; these are what a database changes besides.
WITH_DATABASE = ("tests/contracts", "tests/integration", "tests/browser")
QUICK = ("-m", "not slow")
# Files of tests side by side, in their order: those of a browser take longest and come first. Tests
# of a cluster share one; what is chosen by hand is shown as it goes.
SIDE_BY_SIDE = ("--dist", "loadfile", "--no-loadscope-reorder", "--numprocesses")
MOST_AT_ONCE = 4

TEST = (
    TestRun(
        "JupyterHub 6.1, SQLite; stores on PostgreSQL too", HUB_6, "sqlite", (*EVERYTHING, *QUICK)
    ),
    TestRun(
        "the hub's doors on JupyterHub 5.5",
        HUB_5,
        "sqlite",
        (*EVERYTHING, "-m", "hub5 and not slow"),
    ),
    TestRun("Kubernetes", HUB_6, "sqlite", (CLUSTER, *QUICK), on_cluster=True),
)
# Everything once where most develop, and on a cluster once as production has it; in the other pairs
# what a hub's line and a database change.
TEST_ALL = (
    TestRun("JupyterHub 6.1, SQLite", HUB_6, "sqlite", EVERYTHING),
    TestRun("JupyterHub 6.1, PostgreSQL", HUB_6, "postgresql", WITH_DATABASE),
    TestRun("JupyterHub 5.5, SQLite", HUB_5, "sqlite", (*EVERYTHING, *QUICK)),
    TestRun("JupyterHub 5.5, PostgreSQL", HUB_5, "postgresql", (*WITH_DATABASE, "-m", "hub5")),
    TestRun("Kubernetes, hub 6.1, PostgreSQL", HUB_6, "postgresql", (CLUSTER,), on_cluster=True),
    TestRun("Kubernetes, hub 5.5, SQLite", HUB_5, "sqlite", (CLUSTER, *QUICK), on_cluster=True),
)


@dataclass(frozen=True)
class Outcome:
    """What a run came to: its counts, and why it failed if it did."""

    title: str
    counts: dict[str, int]
    failures: tuple[str, ...]


def prepare(runs: tuple[TestRun, ...]) -> dict[str, str]:
    """Have all that the runs need; return the variables by which tests find it.

    Raises:
        Trouble: when something cannot be had that tests do not do without.
    """
    ensure_environment(HUB_6)
    proxy = ensure_proxy()
    ensure_pages()
    for environment in dict.fromkeys(run.environment for run in runs):
        ensure_environment(environment)
        ensure_installed(environment)
    if missing := try_install(CHROMIUM, POSTGRESQL):
        say(f"missing, so tests are skipped by name: {advice_for(missing)}")
    return {
        "SESSIONS_CODE_SERVER": _code_server(),
        "SESSIONS_PROXY_PROGRAMS": str(proxy),
        "SESSIONS_GO": find_go(),
    }


def chosen_by(only: str, runs: tuple[TestRun, ...]) -> tuple[TestRun, ...]:
    """Return the runs that `ONLY` leaves: all without it, else the first of its kind."""
    if not only:
        return runs
    return tuple(run for run in runs if run.on_cluster == (CLUSTER in only))[:1]


def _code_server() -> str:
    if not is_wanted():
        return ""
    try:
        return str(ensure_code_server())
    except Trouble as trouble:
        if under_ci():
            raise
        say(f"{trouble}")
        say("tests of VS Code are skipped by name")
        return ""


def carry_out(run: TestRun, found: dict[str, str]) -> Outcome:
    """Run pytest, print as it goes, and return what it came to."""
    if run.on_cluster:
        found = {**found, **cluster_parts()}
    report = run.report
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    say(f"pytest: {run.title}")
    ended = run_supervised(_argv(run, report), _environment(run, found), CHECKOUT)
    left = end_leftovers(grace_seconds=LEFTOVER_GRACE_SECONDS, ask=False, keep=is_ahead)
    if ended.asked:
        raise KeyboardInterrupt
    wrong = ended.code not in {0, NO_TESTS}
    failures = [f"pytest ended with exit code {ended.code}"] if wrong else []
    failures += [f"left running by a test, ended now: {process}" for process in left]
    return Outcome(run.title, _counts(report), tuple(failures))


def _argv(run: TestRun, report: Path) -> list[str]:
    only = shlex.split(os.environ.get("ONLY", ""))
    arguments = only or [*_side_by_side(run), *run.arguments]
    python = str(run.environment.python)
    reports = [f"--junit-xml={report}", "--durations=15", "--durations-min=2"]
    return [python, "-m", "pytest", *reports, *arguments]


def _side_by_side(run: TestRun) -> list[str]:
    workers = min(os.cpu_count() or 1, MOST_AT_ONCE)
    return [] if run.on_cluster or workers == 1 else [*SIDE_BY_SIDE, str(workers)]


def _environment(run: TestRun, found: dict[str, str]) -> dict[str, str]:
    programs = [str(run.environment.folder / "bin"), found["SESSIONS_PROXY_PROGRAMS"]]
    env = {
        **os.environ,
        **found,
        "PATH": os.pathsep.join([*programs, os.environ["PATH"]]),
        "SESSIONS_HUB_LINE": run.environment.hub_line,
        "SESSIONS_TEST_DATABASE": run.database,
    }
    for name in ("PYTHONPATH", "VIRTUAL_ENV", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
        env.pop(name, None)
    return env


def _counts(report: Path) -> dict[str, int]:
    """Read passed, failed and skipped from pytest's JUnit report; nothing if there is none."""
    if not report.exists():
        return {}
    head = report.read_text(errors="replace")[:2000]
    suite = re.search(r"<testsuite [^>]*>", head)
    if suite is None:
        return {}
    numbers = {
        name: int(number)
        for name, number in re.findall(r'\b(tests|failures|errors|skipped)="(\d+)"', suite[0])
    }
    failed = numbers["failures"] + numbers["errors"]
    passed = numbers["tests"] - failed - numbers["skipped"]
    return {"passed": passed, "failed": failed, "skipped": numbers["skipped"]}

"""The targets: what each of the Makefile's words does, with durations and a plain end."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from . import checks, development_hub, gallery, test_runs
from .cluster_parts import built_ahead
from .node_packages import PAGES, ensure_pages
from .places import BUILD, CHECKOUT, cluster_folder
from .programs import run
from .python_packages import (
    HUB_5,
    HUB_6,
    ensure_environment,
    ensure_installed,
    ensure_wheel,
    refresh_locks,
)
from .steps import Trouble, say


class Record:
    """What was done, how long it took, and what failed."""

    def __init__(self) -> None:
        self.durations: list[tuple[str, float]] = []
        self.failures: list[str] = []

    def do(self, title: str, work: Callable[[], bool]) -> None:
        """Do a piece of work that tells whether it passed, and go on either way."""
        began = time.monotonic()
        passed = work()
        self.durations.append((title, time.monotonic() - began))
        if not passed:
            self.failures.append(title)

    def print_durations(self) -> None:
        """Print how long each piece took."""
        for title, seconds in self.durations:
            say(f"{seconds:7.1f} s  {title}")


def main(arguments: Sequence[str]) -> int:
    """Carry out one target; return the exit code."""
    name = arguments[0] if len(arguments) == 1 else ""
    target = TARGETS.get(name)
    if target is None:
        print(f"usage: python -m tools.bootstrap {'|'.join(TARGETS)}")
        return 2
    try:
        return target()
    except Trouble as trouble:
        print(f"error: {trouble}", flush=True)
        return 1
    except KeyboardInterrupt:
        print("\nstopped; what is done stays done", flush=True)
        return 130


def lint() -> int:
    """Run the static checks only."""
    ensure_environment(HUB_6)
    record = Record()
    _lint(record)
    return _end(record)


def _lint(record: Record) -> None:
    for title, argv in checks.python_checks():
        say(title)
        record.do(title, lambda argv=argv: checks.run_python_check(argv))  # type: ignore[misc]
    say("pages: lint")
    record.do("pages: lint", lambda: checks.run_page_scripts("lint"))


def rewrite() -> int:
    """Rewrite all code in the house's form."""
    ensure_environment(HUB_6)
    return 0 if checks.format_everything() else 1


def test() -> int:
    """Run all that a change must pass."""
    return _test(test_runs.TEST)


def test_all() -> int:
    """Run everything on both hub lines and both databases."""
    return _test(test_runs.TEST_ALL)


def _test(runs: tuple[test_runs.TestRun, ...]) -> int:
    record = Record()
    found: dict[str, str] = {}
    only = os.environ.get("ONLY", "")
    runs = test_runs.chosen_by(only, runs)

    def prepare() -> bool:
        found.update(test_runs.prepare(runs))
        return True

    record.do("preparing", prepare)
    on_cluster = any(run.on_cluster for run in runs)
    with built_ahead() if on_cluster else contextlib.nullcontext():
        if not only:
            _lint(record)
            say("pages: unit tests")
            record.do("pages: unit tests", lambda: checks.run_page_scripts("test"))
        total = _run_tests(runs, found, record)
    return _end(record, total)


def _run_tests(
    runs: tuple[test_runs.TestRun, ...], found: dict[str, str], record: Record
) -> Counter[str]:
    """Run pytest for each, and return the sum of its counts."""
    total: Counter[str] = Counter()
    for chosen in runs:

        def work(chosen: test_runs.TestRun = chosen) -> bool:
            outcome = test_runs.carry_out(chosen, found)
            total.update(outcome.counts)
            for failure in outcome.failures:
                say(failure)
            return not outcome.failures

        record.do(f"pytest: {chosen.title}", work)
    return total


def _end(record: Record, total: Counter[str] | None = None) -> int:
    """Print durations, what failed, and the tests' sum in one line; return the exit code."""
    record.print_durations()
    for failure in record.failures:
        say(f"FAILED: {failure}")
    if total is not None:
        counts = {name: total[name] for name in ("passed", "failed", "skipped")}
        print(", ".join(f"{count} {name}" for name, count in counts.items()), flush=True)
    return 1 if record.failures else 0


def bench() -> int:
    """Run the benchmarks; `ONLY=` is handed to them."""
    found = test_runs.prepare(test_runs.TEST[:1])
    argv = [str(HUB_6.python), "-m", "benchmarks", *os.environ.get("ONLY", "").split()]
    path = os.pathsep.join(
        [str(HUB_6.folder / "bin"), found["SESSIONS_PROXY_PROGRAMS"], os.environ["PATH"]]
    )
    os.chdir(CHECKOUT)
    os.execve(argv[0], argv, {**os.environ, **found, "PATH": path})


def cluster() -> int:
    """Start a Kubernetes cluster, or give it the sources as they are; say how it is reached."""
    ensure_environment(HUB_6)
    ensure_pages()
    return _use_cluster_tool("begin", cluster_folder())


def cluster_stop() -> int:
    """End the cluster of the state folder, if there is one."""
    ensure_environment(HUB_6)
    return _use_cluster_tool("end", cluster_folder())


def image_context() -> int:
    """Fill the folder `CONTEXT`, which the session image's Dockerfile is built from."""
    chosen = os.environ.get("CONTEXT")
    if not chosen:
        raise Trouble("Name a new folder: make image-context CONTEXT=/tmp/session-image")
    ensure_environment(HUB_6)
    ensure_pages()
    return _use_cluster_tool("context", Path(chosen).expanduser().resolve())


def _use_cluster_tool(word: str, folder: Path) -> int:
    argv = [str(HUB_6.python), "-m", "tools.cluster", word, str(folder)]
    return subprocess.run(argv, check=False, cwd=CHECKOUT).returncode


def docs() -> int:
    """Write the generated pages of docs/ anew."""
    ensure_environment(HUB_6)
    ensure_pages()
    ensure_installed(HUB_6)
    argv = [str(HUB_6.python), "-m", "docs.generate"]
    run(argv, log="docs", doing="generating docs", cwd=CHECKOUT)
    return 0


def wheel() -> int:
    """Build the wheel with both pages in it."""
    ensure_environment(HUB_6)
    ensure_pages()
    print(ensure_wheel().relative_to(CHECKOUT))
    return 0


def lock() -> int:
    """Resolve the lock files anew."""
    ensure_environment(HUB_6)
    refresh_locks()
    return 0


def clean() -> int:
    """Remove what was installed and built in the checkout; state and cache stay."""
    outputs = [page.output for page in PAGES] + [page.sources / "node_modules" for page in PAGES]
    for folder in (HUB_6.folder, HUB_5.folder, BUILD, *outputs):
        shutil.rmtree(folder, ignore_errors=True)
    return 0


TARGETS: dict[str, Callable[[], int]] = {
    "run": development_hub.start,
    "ui": gallery.start,
    "test": test,
    "test-all": test_all,
    "lint": lint,
    "format": rewrite,
    "bench": bench,
    "docs": docs,
    "wheel": wheel,
    "lock": lock,
    "clean": clean,
    "cluster": cluster,
    "cluster-stop": cluster_stop,
    "image-context": image_context,
}

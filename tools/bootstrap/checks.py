"""Lint, types, import contracts, and the pages' own lint and tests."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from .node_packages import PAGES, QUIET, ensure_packages
from .places import CHECKOUT
from .python_packages import HUB_6, imports_from_checkout

BIN = HUB_6.folder / "bin"


def python_checks() -> list[tuple[str, Sequence[str]]]:
    """Return the checks of the Python code: what is printed, and the command."""
    return [
        ("ruff check", [str(BIN / "ruff"), "check", "."]),
        ("ruff format", [str(BIN / "ruff"), "format", "--check", "."]),
        ("mypy", [str(BIN / "mypy")]),
        ("import contracts", [str(BIN / "lint-imports"), "--config", "setup.cfg"]),
    ]


def run_python_check(argv: Sequence[str]) -> bool:
    """Run one check and tell whether it passed; it prints for itself."""
    env = {**os.environ, **imports_from_checkout()}
    return subprocess.run(argv, check=False, cwd=CHECKOUT, env=env).returncode == 0


def run_page_scripts(script: str) -> bool:
    """Run an npm script of all pages, where they have it, and tell whether all passed."""
    passed = True
    for page in PAGES:
        ensure_packages(page)
        argv = ["npm", "run", "--if-present", script]
        env = {**os.environ, **QUIET}
        passed &= subprocess.run(argv, check=False, cwd=page.sources, env=env).returncode == 0
    return passed


def format_everything() -> bool:
    """Rewrite Python and the pages in the house's form; tell whether all could be."""
    passed = run_python_check([str(BIN / "ruff"), "check", "--fix", "."])
    passed &= run_python_check([str(BIN / "ruff"), "format", "."])
    return run_page_scripts("format") and passed

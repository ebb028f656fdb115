"""What holds for every test: its tier's marker, missing parts, databases, an honest summary."""

from __future__ import annotations

import importlib.util
import os
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.support.parts import MISSING, find_postgresql, require
from tests.support.postgresql_server import PostgresqlServer, running_postgresql

CHECKOUT = Path(__file__).resolve().parent.parent
TIERS = ("unit", "contracts", "integration", "browser", "cluster")
PACKAGES = {
    "sessions_spawner": CHECKOUT / "spawner",
    "sessions_service": CHECKOUT / "hub_service",
    "sessions_proxy": CHECKOUT / "labextension_proxy",
}


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker that names what a test needs of the machine."""
    config.addinivalue_line("markers", "needs(*parts): parts of the machine, see support/parts.py")


def pytest_report_header() -> list[str]:
    """Say which hub line and which database this run is about."""
    return [f"JupyterHub {version('jupyterhub')}, service's database: {chosen_database()}"]


def pytest_sessionstart() -> None:
    """Refuse to test an installed package that is not the checkout's."""
    differing = [name for name, root in PACKAGES.items() if _is_stale(name, root)]
    if differing:
        pytest.exit(
            f"{', '.join(differing)}: what is installed is not what is in the checkout. "
            "Run the tests with make test (ONLY='...' for some of them).",
            returncode=4,
        )


def _is_stale(name: str, root: Path) -> bool:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return True
    installed = Path(spec.submodule_search_locations[0])
    if installed.is_relative_to(root):
        return False
    return any(
        not (there := installed / file.relative_to(root / name)).exists()
        or there.read_bytes() != file.read_bytes()
        for file in (root / name).rglob("*.py")
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test with its tier, which is its folder."""
    for item in items:
        parts = item.path.relative_to(CHECKOUT).parts
        if len(parts) > 1 and parts[1] in TIERS:
            item.add_marker(parts[1])
        if "browser" in parts:
            item.add_marker(pytest.mark.needs("chromium", "configurable-http-proxy"))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip or fail a test whose parts are missing, before its fixtures start anything."""
    for marker in item.iter_markers("needs"):
        for part in marker.args:
            require(part)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name every test that a missing part has skipped, and count them."""
    skipped: Counter[str] = Counter()
    lines = []
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        if MISSING in reason:
            part = reason.split(MISSING, 1)[1].strip()
            skipped[part] += 1
            lines.append(f"{report.nodeid}: {part}")
    if lines:
        terminalreporter.section("not run, because a part is missing")
        for line in lines:
            terminalreporter.write_line(line)
        for part, number in skipped.items():
            tests = "test" if number == 1 else "tests"
            terminalreporter.write_line(f"{number} {tests} skipped without {part}")


def chosen_database() -> str:
    """Return which database the service has in integration tests: "sqlite" or "postgresql"."""
    return os.environ.get("SESSIONS_TEST_DATABASE", "sqlite")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    """Give a PostgreSQL server for the whole run, started when first asked for."""
    require("postgresql")
    programs = find_postgresql()
    assert programs is not None
    with running_postgresql(programs) as server:
        yield server


@pytest.fixture
def postgresql_url(postgresql_server: PostgresqlServer) -> Iterator[str]:
    """Give the URL of a new, empty PostgreSQL database."""
    with postgresql_server.new_database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def each_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of a new, empty database; the test runs on both kinds."""
    return _database_url(request, tmp_path, request.param)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of a new, empty database of the kind this run is about."""
    return _database_url(request, tmp_path, chosen_database())


def _database_url(request: pytest.FixtureRequest, folder: Path, kind: str) -> str:
    if kind == "postgresql":
        return str(request.getfixturevalue("postgresql_url"))
    return f"sqlite:///{folder / 'sessions.sqlite'}"

"""What Python reads at its start in a session: it is to start the server soon, and nothing else.

Of the processor time of the server's imports, 2.2 s, the slowest module takes about 1.0 and the
garbage collector 0.2 to 0.5.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

START = Path(__file__).parents[3] / "labextension_proxy" / "sessions_start.pth"
# Builds a grammar at import, for one format of schemas that nothing of a session uses.
SLOW = "rfc3987_syntax"


@pytest.fixture(autouse=True)
def thresholds() -> Iterator[tuple[int, int, int]]:
    """Give the garbage collector's thresholds, and put them back."""
    before = gc.get_threshold()
    yield before
    gc.set_threshold(*before)


def is_left_out(monkeypatch: pytest.MonkeyPatch, *argv: str, session: str | None = "s1") -> bool:
    """Tell whether the slow module is left out by a Python that was started so."""
    monkeypatch.delitem(sys.modules, SLOW, raising=False)
    monkeypatch.setattr(sys, "orig_argv", list(argv))
    if session is None:
        monkeypatch.delenv("SESSIONS_ID", raising=False)
    else:
        monkeypatch.setenv("SESSIONS_ID", session)
    (line,) = START.read_text().splitlines()
    assert line.startswith("import ")  # else Python takes it for a folder
    exec(line)  # noqa: S102 (as Python does)
    return sys.modules.pop(SLOW, "not there") is None


@pytest.mark.parametrize(
    "argv",
    [
        ("python3", "/opt/session/bin/jupyterhub-singleuser"),
        ("python", "-m", "jupyterhub.singleuser"),
    ],
)
def test_a_sessions_server_leaves_the_slow_import_out(
    monkeypatch: pytest.MonkeyPatch, argv: tuple[str, ...]
) -> None:
    assert is_left_out(monkeypatch, *argv)


def test_a_sessions_server_collects_garbage_less_often_and_still_does(
    monkeypatch: pytest.MonkeyPatch, thresholds: tuple[int, int, int]
) -> None:
    assert is_left_out(monkeypatch, "python", "-m", "jupyterhub.singleuser")
    assert gc.isenabled()
    assert thresholds[0] < gc.get_threshold()[0] <= 50_000


def test_a_kernel_in_a_session_is_left_as_it_is(
    monkeypatch: pytest.MonkeyPatch, thresholds: tuple[int, int, int]
) -> None:
    assert not is_left_out(monkeypatch, "python", "-m", "ipykernel_launcher", "-f", "kernel.json")
    assert gc.get_threshold() == thresholds


def test_a_server_that_is_no_sessions_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_left_out(monkeypatch, "python", "bin/jupyterhub-singleuser", session=None)


def test_what_is_imported_already_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, SLOW, sys)
    monkeypatch.setattr(sys, "orig_argv", ["python", "-m", "jupyterhub.singleuser"])
    monkeypatch.setenv("SESSIONS_ID", "s1")
    exec(START.read_text())  # noqa: S102 (as Python does)
    assert sys.modules[SLOW] is sys

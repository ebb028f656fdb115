"""The lines of VS Code and of shells, put together from what is seen of them."""

from __future__ import annotations

from .uses import Use, enumerate_names


def make_code_use(
    last_traffic: float | None, jobs: tuple[str, ...], now: float, connected_seconds: float
) -> Use | None:
    """Make VS Code's line: a job in its terminal is busy; an open tab is use, and said to be."""
    if jobs:
        sentence = f"{_runs(jobs)} in a terminal of VS Code."
        return Use("code", now, busy=True, sentence=sentence)
    if last_traffic is None:
        return None
    if now - last_traffic < connected_seconds:
        sentence = "VS Code is open in a browser; an open tab counts as use."
    else:
        sentence = "VS Code was open in a browser."
    return Use("code", last_traffic, busy=False, sentence=sentence)


def make_shell_use(
    typed: float | None, jobs: tuple[str, ...], opened: Use | None, now: float
) -> Use | None:
    """Make the shells' line, those in JupyterLab's tabs included."""
    if jobs:
        return Use("shell", now, busy=True, sentence=f"{_runs(jobs)} in a shell.")
    if typed is not None and (opened is None or typed >= opened.at):
        return Use("shell", typed, busy=False, sentence="Somebody typed in a shell.")
    return opened


def _runs(jobs: tuple[str, ...]) -> str:
    return f"{enumerate_names(jobs)} {'runs' if len(set(jobs)) == 1 else 'run'}"

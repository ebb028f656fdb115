"""Puts observer and reporter into a Jupyter server, and gives them a turn each second."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from jupyter_server.utils import url_path_join
from tornado.ioloop import PeriodicCallback

from .handlers import Idle
from .memory import MemoryWatch, find_counter
from .observer import Observer
from .reporter import Reporter, Target
from .usage import make_meter
from .uses import Kind, Use

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp
    from tornado.web import RequestHandler

LOOK_MILLISECONDS = 1000
DEFAULT_SECONDS = 60.0
SHORTEST_SECONDS = 1.0


def load(server: ServerApp) -> None:
    """Start observing `server`, and reporting if the session was given where to."""
    settings: dict[str, Any] = server.web_app.settings
    base_url = settings["base_url"]
    observer = Observer(settings, base_url)
    reporter = Reporter(read_target(os.environ), server.log, meter=make_meter(os.environ))
    memory = MemoryWatch(find_counter(os.environ), observer.kernels)
    _listen(settings, observer)
    address = url_path_join(base_url, "sessions", "idle")
    handed = {"observer": observer, "reporter": reporter}
    server.web_app.add_handlers(".*$", [(address, Idle, handed)])

    async def turn() -> None:
        uses = await observer.look()
        _tell_jupyter(settings, uses)
        reporter.consider(uses, await memory.look())

    server.io_loop.add_callback(PeriodicCallback(turn, LOOK_MILLISECONDS).start)


def read_target(environment: Mapping[str, str]) -> Target:
    """Read where to report to: `SESSIONS_ACTIVITY_URL`, `_SECONDS`, and the session's own token."""
    try:
        seconds = float(environment.get("SESSIONS_ACTIVITY_SECONDS") or DEFAULT_SECONDS)
    except ValueError:
        seconds = DEFAULT_SECONDS
    return Target(
        url=environment.get("SESSIONS_ACTIVITY_URL", ""),
        token=environment.get("JUPYTERHUB_API_TOKEN", ""),
        every_seconds=max(seconds, SHORTEST_SECONDS),
    )


def _listen(settings: dict[str, Any], observer: Observer) -> None:
    """Look at each answered request where Tornado logs it."""
    before: Callable[[RequestHandler], None] = settings["log_function"]

    def log_and_look(handler: RequestHandler) -> None:
        before(handler)
        observer.requests.note(handler)

    settings["log_function"] = log_and_look


def _tell_jupyter(settings: dict[str, Any], uses: Mapping[Kind, Use]) -> None:
    """Let the server's own last activity, which the hub hears of, know what only we see."""
    if uses:
        last = max(use.at for use in uses.values())
        settings.setdefault("last_activity_times", {})["sessions"] = datetime.fromtimestamp(
            last, UTC
        )

"""What JupyterLab may ask of the session's clock."""

from __future__ import annotations

from jupyter_server.base.handlers import APIHandler
from tornado import web

from .observer import Observer
from .reporter import Reporter


class Idle(APIHandler):
    """`sessions/idle`: the service's last word on the idle clock, and what this server has seen."""

    def initialize(self, observer: Observer, reporter: Reporter) -> None:
        """Take where the words come from."""
        self.observer = observer
        self.reporter = reporter

    @web.authenticated
    async def get(self) -> None:
        """Answer from memory: `idle` is null until the service has answered a report."""
        uses = await self.observer.look()
        at = self.reporter.reported_at
        self.finish(
            {
                "idle": self.reporter.idle,
                "reported_at": at.isoformat().replace("+00:00", "Z") if at else None,
                "used": [use.as_json() for use in uses.values()],
            }
        )

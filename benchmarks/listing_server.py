"""Our lists over HTTP for the benchmark: the service's own store and JSON, without signing in.

`python -m benchmarks.listing_server URL PORT` serves `GET /page?…` until it is ended.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from tornado.web import Application, RequestHandler

from sessions_service.clock.idle import IdleState
from sessions_service.db.work import Database
from sessions_service.identity.visitor import Visitor
from sessions_service.sessions.listing import list_page
from sessions_service.sessions.present import Surroundings, present
from sessions_service.sessions.query import Query
from sessions_service.web.handler import to_json

_VISITOR = Visitor("admin", frozenset({"read:servers", "delete:servers", "start:servers"}))
_AROUND = Surroundings("/", {}, None, None, IdleState(timeout=900))
_NUMBERS = ("limit",)
_LISTS = ("owners", "states", "environments", "drives", "billing_projects")


def read_query(arguments: dict[str, list[bytes]]) -> Query:
    """Return the store's query of an address."""
    values: dict[str, Any] = {"visible_to": None}
    for name, raw in arguments.items():
        texts = tuple(one.decode() for one in raw)
        values[name] = texts if name in _LISTS else texts[0]
    values |= {name: int(values[name]) for name in _NUMBERS if name in values}
    if "descending" in values:
        values["descending"] = values["descending"] == "true"
    return Query(**values)


class PageHandler(RequestHandler):
    """A page of a list, as `GET sessions` answers it."""

    def initialize(self, db: Database) -> None:
        """Take the database."""
        self.db = db

    async def get(self) -> None:
        """Answer a page."""
        page = await self.db.read(list_page, read_query(self.request.query_arguments))
        items = [present(one, _VISITOR, _AROUND) for one in page.items]
        total = {"total": page.total, "total_is_capped": page.total_is_capped}
        body = {"items": items, **total, "next": page.next, "prev": page.prev}
        self.set_header("Content-Type", "application/json")
        self.finish(to_json(body))


async def serve(url: str, port: int) -> None:
    """Serve until ended."""
    db = Database(url)
    Application([("/page", PageHandler, {"db": db})]).listen(port, "127.0.0.1")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2])))

"""Health, metrics, the OpenAPI document and a page for people to read it."""

from __future__ import annotations

from typing import Any

from ..identity.may import Action
from .handler import ApiHandler
from .operation import operation
from .routes import Route


class Health(ApiHandler):
    """Whether the service lives; no detail for anybody."""

    async def get(self) -> None:
        """Answer ok."""
        self.answer({"status": "ok"})


class Ready(ApiHandler):
    """Whether the service can do its work: database, hub and link."""

    async def get(self) -> None:
        """Answer ok or not; which part is not, only to administrators."""
        checks = await self.service.readiness()
        is_ready = all(checks.values())
        body: dict[str, Any] = {"status": "ok" if is_ready else "not ready"}
        if await self._is_admin():
            body["checks"] = checks
        self.answer(body, 200 if is_ready else 503)

    async def _is_admin(self) -> bool:
        if "Authorization" not in self.request.headers:
            return False
        await self.identify()
        return self.visitor.is_admin


class MetricsText(ApiHandler):
    """Prometheus."""

    @operation("Read metrics", Action.READ_METRICS, media_type="text/plain")
    async def get(self) -> None:
        """Answer the exposition."""
        self.set_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.finish(self.service.metrics_text())


class OpenApi(ApiHandler):
    """The OpenAPI document."""

    @operation("Read the OpenAPI document", Action.READ_DOCUMENTS)
    async def get(self) -> dict[str, Any]:
        """Answer the document, made from the schemas that check requests."""
        return self.service.openapi


class ApiPage(ApiHandler):
    """The document for people."""

    @operation("Read the API's documentation", Action.READ_DOCUMENTS, media_type="text/html")
    async def get(self) -> None:
        """Answer a plain page, one section an operation."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(self.service.pages.api(self.service.openapi))


ROUTES = [
    Route("health", Health),
    Route("health/ready", Ready),
    Route("metrics", MetricsText),
    Route("api/v1/openapi.json", OpenApi),
    Route("api/v1/docs", ApiPage),
]

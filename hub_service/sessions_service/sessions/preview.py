"""Preview: check a launch request as it is typed, without making anything."""

from __future__ import annotations

import json
from typing import Any

from sessions_spawner.policy import check
from sessions_spawner.request import LaunchRequest, RequestError, parse_request

from ..drives import store as drives
from ..identity.may import Action
from ..offers import limits_of
from ..web.errors import wrong_fields
from ..web.handler import ApiHandler
from ..web.operation import operation, read_json
from ..web.routes import Route
from .actions import require_owner
from .checks import drives_named, make_facts, missing_drives
from .schemas import PreviewOut

_UNKNOWN = "There is no such field; leave it out."
_FLAGS = frozenset({"dry_run"})


class Preview(ApiHandler):
    """What would come of a launch request."""

    @operation("Check a launch request", Action.CREATE, reads=LaunchRequest, answer=PreviewOut)
    async def post(self) -> dict[str, Any]:
        """Answer the checks, what is left of the limits, and the same call as REST."""
        data = read_json(self)
        if not isinstance(data, dict):
            raise wrong_fields({"": "Send a JSON object with the fields of a launch request."})
        unknown = set(data) - set(LaunchRequest.model_fields) - _FLAGS
        if unknown:
            raise wrong_fields(dict.fromkeys(sorted(unknown), _UNKNOWN))
        body = {key: value for key, value in data.items() if key not in _FLAGS}
        try:
            request = parse_request(body)
        except RequestError as error:
            if _UNKNOWN in error.fields.values():
                raise wrong_fields(error.fields) from None
            checks = [_problem(field, text) for field, text in error.fields.items()]
        else:
            checks = await self._check(request)
        environment = str(body.get("environment", ""))
        limits = await limits_of(self.service, self.visitor)
        after = {**limits, "after": _after(limits)}
        return {
            "checks": checks,
            "limits": after,
            "ready_in_seconds": self.service.ready_times.usual(environment),
            "cost": None,
            "budget": None,
            "calls": {"rest": self._rest_call(body)},
        }

    async def _check(self, request: LaunchRequest) -> list[dict[str, Any]]:
        service = self.service
        environments = await service.link.environments(self.visitor.name)
        facts = make_facts(service.link.snapshot, environments)
        checks = [_problem(one.field, one.message) for one in check(request, facts)]
        owner = await require_owner(service, self.visitor.name)
        named = drives_named(request) - {"default"}
        found = await service.db.read(drives.resolve, owner.key, named)
        missing = missing_drives(request, {"default", *found})
        checks += [_problem(field, text) for field, text in missing.items()]
        return checks

    def _rest_call(self, body: dict[str, Any]) -> str:
        """The same call as REST; the token stays a variable."""
        address = f"{self.request.protocol}://{self.request.host}{self.service.base_url}"
        text = json.dumps(body, ensure_ascii=False).replace("'", "'\\''")
        return (
            f"curl -X POST {address}api/v1/sessions \\\n"
            '  -H "Authorization: token $JUPYTERHUB_API_TOKEN" \\\n'
            "  -H 'Content-Type: application/json' \\\n"
            f"  -d '{text}'"
        )


def _problem(field: str, message: str) -> dict[str, Any]:
    return {"field": field, "level": "error", "code": "field", "message": message, "fixes": []}


def _after(limits: dict[str, Any]) -> dict[str, Any]:
    sessions = limits["sessions"]
    return {"sessions": {"used": sessions["used"] + 1, "max": sessions["max"]}}


ROUTES = [Route("api/v1/preview", Preview)]

"""Answers the service's questions about pods: what would be made, and what YAML may set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import hub_line
from .policy.own_yaml import POD_SPEC_RIGHT
from .request import RequestError, lift_stored
from .wire.channel import Answerer, Body, Refused


class PodAnswers:
    """Answers `render` and `pod-schema` of the link; `hub` is the running application."""

    def __init__(self, hub: Any) -> None:
        self._hub = hub

    @property
    def answerers(self) -> Mapping[str, Answerer]:
        """What the service may ask."""
        return {"render": self.render, "pod-schema": self.describe}

    async def render(self, body: Body) -> Body:
        """Answer what would be made of an owner's request, without making it. Raises `Refused`."""
        user = self._user_called(body["name"])
        # The cluster is asked for those alone who may write YAML, whoever asks us.
        may_try = POD_SPEC_RIGHT in hub_line.rights_of(user)
        flags = {
            "dry_run": bool(body.get("dry_run")) and may_try,
            "shows_values": bool(body.get("shows_values")),
        }
        try:
            request = lift_stored(body["request"])
            rendered: Body = await self._rehearsing(user).render(request, flags)
        except RequestError as error:
            raise Refused("request", str(error)) from None
        return rendered

    async def describe(self, body: Body) -> Body:
        """Answer what an owner's YAML may set in a pod, as a JSON Schema. Raises `Refused`."""
        user = self._user_called(body["name"])
        return {"schema": await self._rehearsing(user).pod_schema()}

    def _user_called(self, name: object) -> Any:
        user = hub_line.user_called(self._hub, str(name))
        if user is None:
            raise Refused("missing", "There is no such user.")
        return user

    def _rehearsing(self, user: Any) -> Any:
        return self._hub.spawner_class.rehearsing(self._hub, user)

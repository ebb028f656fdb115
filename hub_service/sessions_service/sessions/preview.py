"""Preview: check a launch request as it is typed, without making anything; the pod of one made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sessions_spawner.policy import Facts, check
from sessions_spawner.policy.own_yaml import NO_RIGHT, POD_SPEC_RIGHT, BadYaml, read_own_yaml
from sessions_spawner.policy.pod_schema import closed_schema
from sessions_spawner.request import LaunchRequest, RequestError, parse_request
from sessions_spawner.wire.channel import Refused

from ..drives import store as drives
from ..drives.models import Drive
from ..identity.may import Action
from ..offers import limits_of
from ..web.errors import Conflict, wrong_fields
from ..web.handler import ApiHandler
from ..web.operation import operation, read_json
from ..web.routes import Route
from .actions import lift, require_owner
from .checks import drives_named, gather_facts, missing_drives
from .handlers import SessionHandler
from .pods import NO_PODS, checks_of, faults_in, has_yaml, render
from .preview_schemas import PodOut, PodQuery, PodSchemaOut, PreviewOut
from .suggestions import drives_in_use, fixes_for, held_by_one, limit_reached, make_check

_UNKNOWN = "There is no such field; leave it out."
# What a hub process of the last version does not say of a pod.
_NOT_SAID: dict[str, Any] = {"changes": 0, "overrides": [], "editable_yaml": ""}
_FLAGS = frozenset({"dry_run", "pod"})


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
        flags = {name: data.get(name, False) for name in sorted(_FLAGS)}
        for name, value in flags.items():
            if not isinstance(value, bool):
                raise wrong_fields({name: "Use true or false."})
        pod = None
        try:
            request = parse_request(body)
        except RequestError as error:
            if _UNKNOWN in error.fields.values():
                raise wrong_fields(error.fields) from None
            checks = [make_check(field, text) for field, text in error.fields.items()]
        else:
            named = await self._named_drives(request)
            facts = await gather_facts(self.service, self.visitor.name, self.visitor.scopes)
            checks = self._check(request, facts, named)
            if not checks and self._shows_pod(request, flags):
                # What the cluster says is for those who may write YAML (security decision 22).
                is_tried = flags["dry_run"] and POD_SPEC_RIGHT in facts.rights
                checks, pod = await self._make_pod(request, is_tried)
            checks += self._news(request, named)
        environment = str(body.get("environment", ""))
        limits = await limits_of(self.service, self.visitor)
        after = {**limits, "after": _after(limits)}
        return {
            "checks": checks + limit_reached(limits),
            "limits": after,
            "ready_in_seconds": self.service.ready_times.usual(environment),
            "cost": None,
            "budget": None,
            "pod": pod,
            "calls": {"rest": self._rest_call(body)},
        }

    def _shows_pod(self, request: LaunchRequest, flags: Mapping[str, bool]) -> bool:
        """Tell whether the pod was asked for, of a hub that makes pods."""
        makes_pods = self.service.link.snapshot.cluster
        return makes_pods and (any(flags.values()) or has_yaml(request))

    async def _make_pod(
        self, request: LaunchRequest, is_dry_run: bool
    ) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
        """Return what is wrong with the pod, and the pod where there is one."""
        rendered = await render(self.service, self.visitor.name, request, is_dry_run=is_dry_run)
        checks = checks_of(request, faults_in(rendered), rendered["field"])
        shown = {name: rendered[name] for name in PodOut.model_fields if name in rendered}
        return checks, {**_NOT_SAID, **shown} if "yaml" in shown else None

    async def _named_drives(self, request: LaunchRequest) -> dict[str, Drive]:
        """Return how the request names a drive → the drive with its holders, those there are."""
        owner = await require_owner(self.service, self.visitor.name)
        return await self.service.db.read(drives.resolve_held, owner.key, drives_named(request))

    def _check(
        self, request: LaunchRequest, facts: Facts, named: Mapping[str, Drive]
    ) -> list[dict[str, Any]]:
        refusals = check(request, facts)
        bad_yaml = _unreadable(request) if facts.rights >= {POD_SPEC_RIGHT} else None
        if bad_yaml is not None:  # with lines, and one check a fault
            refusals = tuple(one for one in refusals if one.field != bad_yaml.field)
        checks = [make_check(one.field, one.message) for one in refusals]
        if bad_yaml is not None:
            checks += checks_of(request, bad_yaml.faults, bad_yaml.field)
        missing = missing_drives(request, {"default", *named})
        checks += [make_check(field, text) for field, text in missing.items()]
        checks += held_by_one(request, named)
        for one in checks:
            one["fixes"] = one["fixes"] or fixes_for(one["field"], request, facts)
        return checks

    def _news(self, request: LaunchRequest, named: Mapping[str, Drive]) -> list[dict[str, Any]]:
        """Return what is good to know and stops nothing: drives that others work with."""
        unsupported = self.service.link.snapshot.unsupported
        can_read_only = not {"extra_drives", "extra_drives.read_only"} & set(unsupported)
        return drives_in_use(request, named, can_read_only)

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


class PodSchema(ApiHandler):
    """What the visitor's YAML may set in a pod."""

    @operation("Read what YAML may set", Action.CREATE, answer=PodSchemaOut)
    async def get(self) -> dict[str, Any]:
        """Answer a JSON Schema; one that takes nothing says why."""
        service = self.service
        if not service.link.snapshot.cluster:
            return closed_schema(NO_PODS)
        facts = await gather_facts(service, self.visitor.name, self.visitor.scopes)
        if POD_SPEC_RIGHT not in facts.rights:
            return closed_schema(NO_RIGHT)
        try:
            return await service.link.pod_schema(self.visitor.name)
        except Refused as refusal:
            return closed_schema(refusal.message)


class PodSpec(SessionHandler):
    """The pod of a session, made anew from its request; never read from the cluster."""

    @operation("Read a session's pod", Action.READ, query=PodQuery, media_type="text/plain")
    async def get(self, session_id: str, query: PodQuery) -> None:
        """Answer the pod, the pod without its YAML, or their difference, as text."""
        session = await self.find(session_id, Action.READ)
        text = f"# {NO_PODS}\n"
        if self.service.link.snapshot.cluster:
            # Values that somebody typed into his YAML are his alone, as those of `env` are.
            is_own = session.owner == self.visitor.name and not self.visitor.is_service
            rendered = await render(self.service, session.owner, lift(session), shows_values=is_own)
            if "yaml" not in rendered:
                faults = "; ".join(str(one) for one in faults_in(rendered))
                raise Conflict(f"It would not start today. {faults}", code="changed")
            text = rendered[query.which_text]
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(text)


def _unreadable(request: LaunchRequest) -> BadYaml | None:
    """Return what is wrong with the request's YAML in itself."""
    try:
        read_own_yaml(request)
    except BadYaml as error:
        return error
    return None


def _after(limits: dict[str, Any]) -> dict[str, Any]:
    sessions = limits["sessions"]
    return {"sessions": {"used": sessions["used"] + 1, "max": sessions["max"]}}


ROUTES = [
    Route("api/v1/preview", Preview),
    Route("api/v1/pod-schema", PodSchema),
    Route("api/v1/sessions/{id}/pod-spec", PodSpec),
]

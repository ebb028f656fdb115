"""Drives as persistent volume claims of one namespace, behind the protocol of drives."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from kubernetes_asyncio.client import ApiException

from ..kubernetes.cluster_calls import CALL_ERRORS, call_plainly, explain
from ..request.quantities import parse_quantity
from ..wire.messages import DriveFigures, DriveRecord, PlacedDrive
from .claim_objects import (
    DRIVE_LABEL,
    Claim,
    ClaimTerms,
    claim_name,
    drive_of,
    figures_of,
    is_adopted,
    is_owners,
    make_adoption,
    make_claim,
    make_release,
    placed_of,
    require_adoptable,
    require_usable,
)
from .drives import DriveAway, DriveOwner, DriveRefused, check_id

log = logging.getLogger("jupyterhub.sessions")

_CONFLICT: Final = 409
_CALL_SECONDS: Final = 8
_MISSING: Final = 404
_FORBIDDEN: Final = 403
_WRONG: Final = 422


class ClaimDrives:
    """Drives through a `CoreV1Api`; whose a claim is, its label says.

    `ensure` raises what a call to the API server raises: its refusals are causes of their own.
    """

    def __init__(self, api: Any, namespace: str, terms: ClaimTerms) -> None:
        self._api = api
        self._namespace = namespace
        self._terms = terms

    async def ensure(self, drive: DriveRecord, owner: DriveOwner) -> PlacedDrive:
        """Return where a drive lies: where it was placed, where its label is, or made anew.

        The default drive takes over the claim that KubeSpawner made for the same person's default
        server. Raises `DriveRefused`, one of `CALL_ERRORS`.
        """
        claim = await self._find(check_id(drive.id), drive.place)
        if claim is None and drive.place not in (None, claim_name(drive.id)):
            raise DriveRefused("its storage is gone: the administrator has to bring it back")
        if claim is None and drive.place is None and drive.is_default:
            claim = await self._take_over(drive.id, owner)
        if claim is None:
            if drive.place is not None:
                log.warning("drive.made_again drive=%s place=%s", drive.id, drive.place)
            claim = await self._make(drive, owner)
        require_usable(claim, drive.id)
        return placed_of(claim)

    async def adopt(self, drive_id: str, place: str, owner: DriveOwner) -> PlacedDrive:
        """Make a claim that is there already a drive's, if a rule lets it."""
        check_id(drive_id)
        async with _answered():
            claim = await self._read(place)
            if claim is None:
                raise DriveRefused(f"There is no claim called ‘{place}’.")
            require_adoptable(claim, drive_id, owner, self._terms)
            if drive_of(claim) is None:
                claim = await self._change(place, make_adoption(claim, drive_id, owner))
        return placed_of(claim)

    async def describe(self, places: Mapping[str, str]) -> Mapping[str, DriveFigures]:
        """Return the figures of drives; what is used of a claim, nobody measures."""
        async with _answered():
            claims = await asyncio.gather(*(self._read(place) for place in places.values()))
        gone = DriveFigures(trouble="Its storage is gone.")
        return {
            drive: figures_of(claim, drive) if claim else gone
            for drive, claim in zip(places, claims, strict=True)
        }

    async def grow(self, drive_id: str, place: str, size: str) -> None:
        """Have a claim become larger, as far as its class can."""
        async with _answered():
            claim = await self._need(drive_id, place)
            _require_larger(claim, size)
            change = {"spec": {"resources": {"requests": {"storage": size}}}}
            try:
                await self._change(place, change)
            except ApiException as error:
                raise _why_not_larger(error, claim) from None

    async def remove(self, drive_id: str, place: str | None = None) -> None:
        """Remove a drive's claim with its volume; an adopted one is left to itself."""
        async with _answered():
            claim = await self._find(check_id(drive_id), place)
            if claim is None:
                return
            if drive_of(claim) != drive_id:
                raise DriveRefused("Its storage belongs to another drive.")
            if is_adopted(claim) and not self._terms.removes_adopted:
                name = claim["metadata"]["name"]
                await self._change(name, make_release(claim))
                log.warning("drive.released drive=%s place=%s", drive_id, name)
            else:
                await self._delete(claim)

    async def _need(self, drive_id: str, place: str) -> Claim:
        claim = await self._find(check_id(drive_id), place)
        if claim is None:
            raise DriveRefused("Its storage is gone: the administrator has to bring it back.")
        if drive_of(claim) != drive_id:
            raise DriveRefused("Its storage belongs to another drive.")
        return claim

    async def _find(self, drive_id: str, place: str | None) -> Claim | None:
        """Return a drive's claim by its place; one that was never told, by the drive's label."""
        if place is not None:
            return await self._read(place)
        labelled = await self._call(
            "list", self._namespace, label_selector=f"{DRIVE_LABEL}={drive_id}"
        )
        return next(iter(labelled["items"]), None)

    async def _take_over(self, drive_id: str, owner: DriveOwner) -> Claim | None:
        for name in owner.former:
            claim = await self._read(name)
            if claim is None:
                continue
            if is_owners(claim, owner):
                claim = await self._change(name, make_adoption(claim, drive_id, owner))
                log.info("drive.adopted drive=%s owner=%s place=%s", drive_id, owner.name, name)
                return claim
            log.warning("drive.not_adopted drive=%s owner=%s place=%s", drive_id, owner.name, name)
        return None

    async def _make(self, drive: DriveRecord, owner: DriveOwner) -> Claim:
        body = make_claim(drive, owner, self._terms)
        try:
            return await self._call("create", self._namespace, body)
        except ApiException as error:
            made = await self._read(body["metadata"]["name"]) if error.status == _CONFLICT else None
            if made is None:
                raise
            return made

    async def _read(self, name: str) -> Claim | None:
        try:
            return await self._call("read", name, self._namespace)
        except ApiException as error:
            if error.status != _MISSING:
                raise
            return None

    async def _change(self, name: str, change: Mapping[str, Any]) -> Claim:
        return await self._call("patch", name, self._namespace, change)

    async def _delete(self, claim: Claim) -> None:
        metadata = claim["metadata"]
        seen = {"uid": metadata["uid"], "resourceVersion": metadata["resourceVersion"]}
        try:
            await self._api.delete_namespaced_persistent_volume_claim(
                metadata["name"], self._namespace, body={"preconditions": seen}
            )
        except ApiException as error:
            if error.status != _MISSING:
                raise

    async def _call(self, verb: str, *given: Any, **named: Any) -> dict[str, Any]:
        """Return what the API server answers about claims, as JSON."""
        call = getattr(self._api, f"{verb}_namespaced_persistent_volume_claim")
        return await call_plainly(call, *given, _request_timeout=_CALL_SECONDS, **named)


@asynccontextmanager
async def _answered() -> AsyncIterator[None]:
    """Tell of calls that were refused or not answered. Raises `DriveAway`."""
    try:
        yield
    except ApiException as error:
        if error.status == _CONFLICT:
            raise DriveRefused("Somebody changed it meanwhile; try again.") from None
        raise DriveAway(explain(error).detail) from None
    except CALL_ERRORS as error:
        raise DriveAway(explain(error).detail) from None


def _require_larger(claim: Claim, size: str) -> None:
    """Refuse what the cluster would refuse with other words. Raises `DriveRefused`."""
    if (claim.get("status") or {}).get("phase") != "Bound":
        raise DriveRefused("It can grow once a session has used it.")
    asked = claim["spec"]["resources"]["requests"]["storage"]
    try:
        is_smaller = parse_quantity(size) < parse_quantity(asked)
    except ValueError:
        return  # written as nothing of ours is: the cluster decides
    if is_smaller:
        raise DriveRefused(f"A drive only grows: choose more than {asked}.")


def _why_not_larger(error: ApiException, claim: Claim) -> Exception:
    said = _message_of(error)
    if error.status == _FORBIDDEN and "must support resize" in said:
        kind = claim["spec"].get("storageClassName") or "this one"
        return DriveRefused(f"Its kind of storage, ‘{kind}’, cannot grow; make a larger drive.")
    if error.status == _FORBIDDEN and "exceeded quota" in said:
        return DriveRefused("The cluster's quota leaves no room for it to grow.")
    if error.status == _WRONG:
        return DriveRefused(f"It cannot grow to that: {explain(error).detail}.")
    return error


def _message_of(error: ApiException) -> str:
    try:
        return str(json.loads(error.body or "{}").get("message", ""))
    except (ValueError, AttributeError):
        return ""

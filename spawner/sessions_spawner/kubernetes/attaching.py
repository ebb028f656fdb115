"""The drives of a start on a cluster: where each lies, who holds it, where the pod has to be."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kubernetes_asyncio.client import ApiException

from .. import hub_line, hub_process
from ..plan import Plan
from ..run import Failure, Run, StartFailed
from ..storage.drives import DriveOwner, DriveRefused
from ..storage.placing import PlaceChanged, place_drives
from ..storage.sharing import Attached, Conflict, Holder, Together, find_misfit, find_together
from ..wire.channel import LinkDown, Refused
from ..wire.messages import DriveRecord, PlacedDrive
from .claim_use import ClaimUse, Hold, use_of
from .cluster_calls import CALL_ERRORS, explain
from .run_pod import failure_of

if TYPE_CHECKING:
    from .spawner import KubeSessionSpawner

# How long a pod that is going may take before its drive counts as held.
_ENDING_SECONDS: Final = 15.0
_CALL_SECONDS: Final = 5
_MISSING: Final = 404


@dataclass(frozen=True)
class Attachment:
    """Where the drives of a run lie, by their ids, and where it has to run because of them."""

    places: Mapping[str, str]
    together: Together | None = None


async def attach_drives(spawner: KubeSessionSpawner, run: Run, plan: Plan) -> Attachment:
    """Find or make a run's drives, and see that it can have them. Raises `StartFailed`."""
    names = {drive: name for name, drive in run.drives.items()}
    placed = await _place(spawner, run, plan)
    attached = [
        Attached(names.get(mount.drive, mount.drive), placed[mount.drive], mount.read_only)
        for mount in plan.mounts
    ]
    together = await _find_together(spawner, attached)
    return Attachment({drive: one.place for drive, one in placed.items()}, together)


async def require_fit_there(
    spawner: KubeSessionSpawner, pod: Mapping[str, Any], together: Together
) -> None:
    """Refuse a pod that cannot run where its drive is held. Raises `StartFailed`.

    Who may not read nodes leaves it to the scheduler.
    """
    node = await _read_node(spawner, together.node)
    conflict = find_misfit(node, pod, together) if node else None
    if conflict is not None:
        raise _refusal(conflict)


async def _place(spawner: KubeSessionSpawner, run: Run, plan: Plan) -> dict[str, PlacedDrive]:
    ids = {mount.drive for mount in plan.mounts}
    records = [run.records.get(one) or DriveRecord(id=one) for one in ids]
    owner = DriveOwner(
        spawner.user.name,
        hub_line.when_user_was_made(spawner.user),
        former=former_claims(spawner) if any(_is_first(one) for one in records) else (),
    )
    ask = hub_process.current().link.ask
    try:
        return await place_drives(spawner.claim_drives(), records, owner, ask)
    except CALL_ERRORS as error:
        raise StartFailed(failure_of(explain(error))) from None
    except (DriveRefused, PlaceChanged) as error:
        raise StartFailed(Failure("volume", str(error))) from None
    except (LinkDown, Refused) as error:
        raise StartFailed(Failure("refused", str(error))) from None


def _is_first(drive: DriveRecord) -> bool:
    """Tell whether it is a person's default drive at the first start that needs it."""
    return drive.is_default and drive.place is None


def former_claims(spawner: KubeSessionSpawner) -> tuple[str, ...]:
    """Return what KubeSpawner called, and calls, the claim of the person's default server."""
    first = spawner if spawner.name == "" else spawner.user.get_spawner("")
    template = first.pvc_name_template
    older = first._expand_user_properties(template, slug_scheme="escape")
    return tuple(name for name in dict.fromkeys((first.pvc_name, older)) if name)


async def _find_together(spawner: KubeSessionSpawner, attached: list[Attached]) -> Together | None:
    use = use_of(await spawner.synced_watch())
    claims = {one.placed.place for one in attached}
    await asyncio.gather(*(_wait_until_gone(spawner, use, claim) for claim in claims))
    holders = {claim: _holders(spawner, use, claim) for claim in claims}
    found = find_together(attached, holders)
    if isinstance(found, Conflict):
        raise _refusal(found)
    return found


async def _wait_until_gone(spawner: KubeSessionSpawner, use: ClaimUse, claim: str) -> None:
    """Wait a moment for what is about to let a claim go."""
    for hold in list(use.holds(claim, without=spawner.pod_name)):
        if not hold.is_object and await _is_over(spawner, hold):
            use.forget(hold.pod)
        if hold.is_ending and hold.is_object and not hold.is_silent:
            try:
                async with asyncio.timeout(_ENDING_SECONDS):
                    await spawner.watch().wait_for(hold.pod, lambda pod: pod is None or None)
            except TimeoutError:
                pass


async def _is_over(spawner: KubeSessionSpawner, hold: Hold) -> bool:
    """Tell whether the programs of a pod that was removed are surely over.

    Its node went, or answers again: then the kubelet has ended what has no pod any more.
    """
    if hold.node is None:
        return True
    try:
        node = await spawner.api.read_node(hold.node, _request_timeout=_CALL_SECONDS)
    except ApiException as error:
        return error.status == _MISSING
    except CALL_ERRORS:
        return False
    conditions = node.status.conditions or ()
    return any(one.type == "Ready" and one.status == "True" for one in conditions)


def _holders(spawner: KubeSessionSpawner, use: ClaimUse, claim: str) -> list[Holder]:
    holds = use.holds(claim, without=spawner.pod_name)
    return [Holder(_name_of(one), one.node, one.is_silent) for one in holds]


def _name_of(hold: Hold) -> str:
    """Return the session's name where the hub still serves it, else its id."""
    theirs = hub_process.current().find_spawner(f"{hold.session}:{hold.generation}")
    return theirs.run.name if theirs is not None else hold.session


async def _read_node(spawner: KubeSessionSpawner, name: str) -> Mapping[str, Any] | None:
    try:
        node = await spawner.api.read_node(name, _request_timeout=_CALL_SECONDS)
    except CALL_ERRORS:
        return None
    found: Mapping[str, Any] = spawner.api.api_client.sanitize_for_serialization(node)
    return found


def _refusal(conflict: Conflict) -> StartFailed:
    return StartFailed(Failure("volume", conflict.detail, words={"drive": conflict.drive}))

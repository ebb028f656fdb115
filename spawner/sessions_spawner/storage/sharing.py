"""Who holds a drive in a cluster, and where a session can run because of it; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ..wire.messages import PlacedDrive

ONE_POD: Final = "ReadWriteOncePod"
ONE_NODE: Final = "ReadWriteOnce"
ONLY_READ: Final = "ReadOnlyMany"


@dataclass(frozen=True)
class Attached:
    """A drive that a session is to have: its name, where it lies, and whether it only reads."""

    name: str
    placed: PlacedDrive
    read_only: bool = False


@dataclass(frozen=True)
class Holder:
    """A session that holds a claim: its name, its node if it has one, whether that is silent."""

    session: str
    node: str | None = None
    is_silent: bool = False


@dataclass(frozen=True)
class Conflict:
    """Why a session cannot have a drive; the detail goes into the sentence of cause `volume`."""

    drive: str
    detail: str


@dataclass(frozen=True)
class Together:
    """Where a session has to run: `node` by name, `why` the drive that says so and its holder."""

    node: str
    drive: str
    holder: str


def find_together(
    attached: Iterable[Attached], holders: Mapping[str, Sequence[Holder]]
) -> Conflict | Together | None:
    """Return why a session cannot start, or where it has to, by who holds which claim now."""
    found: Together | None = None
    for one in attached:
        verdict = _look(one, holders.get(one.placed.place, ()))
        if isinstance(verdict, Conflict):
            return verdict
        if verdict is not None and found is not None and verdict.node != found.node:
            return Conflict(
                one.name,
                f"‘{verdict.holder}’ uses it on the machine {verdict.node}, and "
                f"‘{found.holder}’ uses ‘{found.drive}’ on {found.node}",
            )
        found = found or verdict
    return found


def _look(one: Attached, holders: Sequence[Holder]) -> Conflict | Together | None:
    mode = one.placed.access_mode
    if mode == ONLY_READ and not one.read_only:
        return Conflict(one.name, "it can only be read; attach it read-only")
    if mode not in (ONE_POD, ONE_NODE) or not holders:
        return None
    silent = next((held for held in holders if held.is_silent), None)
    if silent is not None:
        where = f"the machine {silent.node}" if silent.node else "its machine"
        return Conflict(
            one.name, f"{where} is silent, and ‘{silent.session}’ may still write to it there"
        )
    first = next((held for held in holders if held.node), holders[0])
    if mode == ONE_POD:
        where = f" on the machine {first.node}" if first.node else ""
        return Conflict(one.name, f"‘{first.session}’ uses it{where}, and only one session may")
    return Together(first.node, one.name, first.session) if first.node else None


def find_misfit(
    node: Mapping[str, Any], pod: Mapping[str, Any], together: Together
) -> Conflict | None:
    """Return why a pod cannot run on the node where its drive is, by what is surely in the way.

    Room is left to the scheduler, and so is everything else that it alone can tell.
    """
    spec = pod["spec"]
    labels = node["metadata"].get("labels") or {}
    wanted = spec.get("nodeSelector") or {}
    is_other = any(labels.get(key) != value for key, value in wanted.items())
    if is_other or _is_repelled(node, spec.get("tolerations") or ()):
        detail = f"‘{together.holder}’ uses it on the machine {together.node}, where this session"
        return Conflict(together.drive, f"{detail} cannot run")
    return None


def _is_repelled(node: Mapping[str, Any], tolerations: Sequence[Mapping[str, Any]]) -> bool:
    taints = node.get("spec", {}).get("taints") or ()
    hard = [one for one in taints if one["effect"] in ("NoSchedule", "NoExecute")]
    return any(not any(_tolerates(given, taint) for given in tolerations) for taint in hard)


def _tolerates(toleration: Mapping[str, Any], taint: Mapping[str, Any]) -> bool:
    """Tell whether a toleration covers a taint, as the scheduler reads them."""
    if toleration.get("effect") not in (None, "", taint["effect"]):
        return False
    key = toleration.get("key") or ""
    if toleration.get("operator") == "Exists":
        return key in ("", taint["key"])
    return key == taint["key"] and (toleration.get("value") or "") == (taint.get("value") or "")


def pin(pod: dict[str, Any], node: str) -> None:
    """Have a pod run on a node: where its drive is attached, and nowhere else."""
    affinity = pod["spec"]["affinity"] = dict(pod["spec"].get("affinity") or {})
    node_affinity = affinity["nodeAffinity"] = dict(affinity.get("nodeAffinity") or {})
    required = "requiredDuringSchedulingIgnoredDuringExecution"
    here = {"key": "metadata.name", "operator": "In", "values": [node]}
    terms = (node_affinity.get(required) or {}).get("nodeSelectorTerms") or [{}]
    # Terms are alternatives: each of them has to be there.
    pinned = [{**one, "matchFields": [*(one.get("matchFields") or ()), here]} for one in terms]
    node_affinity[required] = {"nodeSelectorTerms": pinned}


def claims_of(pod: Mapping[str, Any]) -> set[str]:
    """Return the claims that a pod has for volumes."""
    volumes = pod["spec"].get("volumes") or ()
    claims = (one.get("persistentVolumeClaim") for one in volumes)
    return {claim["claimName"] for claim in claims if claim}

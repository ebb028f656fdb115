"""Claims as JSON: what one is made from, what it says, and whose it may become; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any, Final

from ..plan.label_values import label_value
from ..request.labelled_accounts import LABEL_PREFIX
from ..request.quantities import parse_quantity
from ..wire.messages import DriveFigures, DriveRecord, PlacedDrive
from .drives import DriveOwner, DriveRefused, IsDrive, check_id

DRIVE_LABEL: Final = f"{LABEL_PREFIX}/drive"
OWNER_LABEL: Final = f"{LABEL_PREFIX}/owner"
# A claim that was there before its drive, and stays when that is gone.
ADOPTED_LABEL: Final = f"{LABEL_PREFIX}/adopted"
# An annotation of KubeSpawner: the user's name as the hub has it.
_USERNAME: Final = "hub.jupyter.org/username"
_PART_OF: Final = "app.kubernetes.io/part-of"
# From the one that most pods can mount at a time to the one that the fewest can.
_MODES: Final = ("ReadWriteMany", "ReadWriteOnce", "ReadOnlyMany", "ReadWriteOncePod")

Claim = Mapping[str, Any]


@dataclass(frozen=True)
class ClaimTerms:
    """What claims are made with, unless a drive asks otherwise, and which may be adopted.

    `storage_class` None takes the cluster's default class. `adoptable` are patterns of names;
    `removes_adopted` tells whether an adopted claim goes with its drive.
    """

    size: str = "10Gi"
    storage_class: str | None = None
    access_mode: str = "ReadWriteOnce"
    adoptable: tuple[str, ...] = ()
    removes_adopted: bool = False


def claim_name(drive_id: str) -> str:
    """Return the name that a drive's new claim gets. Raises `ValueError` for no drive id."""
    return f"drive-{check_id(drive_id)}"


def make_claim(drive: DriveRecord, owner: DriveOwner, terms: ClaimTerms) -> dict[str, Any]:
    """Return a new drive's claim. Raises `ValueError` for anything but a drive id."""
    spec: dict[str, Any] = {
        "accessModes": [terms.access_mode],
        "resources": {"requests": {"storage": drive.size or terms.size}},
    }
    if (storage_class := drive.storage_class or terms.storage_class) is not None:
        spec["storageClassName"] = storage_class
    labels = {
        DRIVE_LABEL: drive.id,
        OWNER_LABEL: label_value(owner.name),
        _PART_OF: LABEL_PREFIX,
    }
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": drive.place or claim_name(drive.id), "labels": labels},
        "spec": spec,
    }


def make_adoption(claim: Claim, drive_id: str, owner: DriveOwner) -> dict[str, Any]:
    """Return the change that makes a claim a drive's, if nobody changed it meanwhile."""
    labels = {
        DRIVE_LABEL: check_id(drive_id),
        OWNER_LABEL: label_value(owner.name),
        ADOPTED_LABEL: "true",
    }
    version = claim["metadata"]["resourceVersion"]
    return {"metadata": {"resourceVersion": version, "labels": labels}}


def make_release(claim: Claim) -> dict[str, Any]:
    """Return the change that leaves an adopted claim to itself again."""
    version = claim["metadata"]["resourceVersion"]
    labels = dict.fromkeys((DRIVE_LABEL, OWNER_LABEL, ADOPTED_LABEL))
    return {"metadata": {"resourceVersion": version, "labels": labels}}


def drive_of(claim: Claim) -> str | None:
    """Return the id of the drive that a claim is, None for one that is nobody's."""
    found: str | None = labels_of(claim).get(DRIVE_LABEL)
    return found


def is_adopted(claim: Claim) -> bool:
    """Tell whether a claim was there before its drive."""
    return ADOPTED_LABEL in labels_of(claim)


def labels_of(claim: Claim) -> Mapping[str, str]:
    """Return a claim's labels."""
    return claim["metadata"].get("labels") or {}


def require_usable(claim: Claim, drive_id: str) -> None:
    """Refuse another drive's claim, and one that is going. Raises `DriveRefused`."""
    if drive_of(claim) != check_id(drive_id):
        raise DriveRefused("its storage belongs to another drive")
    if claim["metadata"].get("deletionTimestamp"):
        raise DriveRefused("its storage is being deleted")


def require_adoptable(claim: Claim, drive_id: str, owner: DriveOwner, terms: ClaimTerms) -> None:
    """Refuse a claim that no rule lets this drive have. Raises `DriveRefused`."""
    name = claim["metadata"]["name"]
    if not any(fnmatchcase(name, pattern) for pattern in terms.adoptable):
        raise DriveRefused(
            f"No rule lets ‘{name}’ be adopted: add it to c.SessionDrives.adoptable."
        )
    if claim["metadata"].get("deletionTimestamp"):
        raise DriveRefused(f"‘{name}’ is being deleted.")
    if (named := _named_owner(claim)) not in (None, owner.name):
        raise DriveRefused(f"‘{name}’ belongs to the user ‘{named}’.")
    if (marked := drive_of(claim)) not in (None, drive_id):
        raise IsDrive(marked)


def is_owners(claim: Claim, owner: DriveOwner) -> bool:
    """Tell whether KubeSpawner made a claim for this very person, and no drive has it.

    One that is older than the hub's user was somebody else's of the same name.
    """
    made = datetime.fromisoformat(claim["metadata"]["creationTimestamp"])
    is_free = drive_of(claim) is None and not claim["metadata"].get("deletionTimestamp")
    return is_free and _named_owner(claim) == owner.name and owner.is_older_than(made)


def _named_owner(claim: Claim) -> str | None:
    found: str | None = (claim["metadata"].get("annotations") or {}).get(_USERNAME)
    return found


def placed_of(claim: Claim) -> PlacedDrive:
    """Return where a drive lies that a claim is."""
    spec = claim["spec"]
    return PlacedDrive(
        place=claim["metadata"]["name"],
        size=_size_of(claim),
        storage_class=spec.get("storageClassName"),
        access_mode=_widest_mode(claim),
    )


def figures_of(claim: Claim, drive_id: str) -> DriveFigures:
    """Return what a claim says of its drive; nobody measures what is used of it."""
    placed = placed_of(claim)
    asked = claim["spec"]["resources"]["requests"]["storage"]
    try:
        require_usable(claim, drive_id)
        trouble = ""
    except DriveRefused as refused:
        trouble = f"{str(refused).capitalize()}."
    if (claim.get("status") or {}).get("phase") == "Lost":
        trouble = "Its storage is gone."
    return DriveFigures(
        size=placed.size,
        grows_to=asked if _is_less(placed.size, asked) else None,
        storage_class=placed.storage_class,
        access_mode=placed.access_mode,
        trouble=trouble,
    )


def _size_of(claim: Claim) -> str | None:
    status = claim.get("status") or {}
    found: str | None = (status.get("capacity") or {}).get("storage")
    return found or claim["spec"]["resources"]["requests"]["storage"]


def _widest_mode(claim: Claim) -> str | None:
    modes = claim["spec"].get("accessModes") or ()
    return next((mode for mode in _MODES if mode in modes), None)


def _is_less(size: str | None, other: str) -> bool:
    try:
        return size is not None and parse_quantity(size) < parse_quantity(other)
    except ValueError:
        return False

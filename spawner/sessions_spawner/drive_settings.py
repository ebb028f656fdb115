"""The administrator's settings of drives on a cluster: sizes, kinds, what may be adopted."""

from __future__ import annotations

from typing import Any, cast

from traitlets import Bool, List, TraitError, Unicode, validate
from traitlets.config import Configurable

from .request.quantities import check_quantity


class SessionDrives(Configurable):
    """What drives of a cluster people may make, and what becomes of storage that was there before.

    How drives are made without a choice, `c.KubeSessionSpawner` says: `drive_size`,
    `drive_storage_class`, `drive_access_mode`.
    """

    size_max = Unicode(
        None,
        allow_none=True,
        help="Set the largest size that a person may choose for a drive, and grow one to, as a "
        "Kubernetes quantity; None leaves every drive at ``c.KubeSessionSpawner.drive_size``. "
        "Example: ``c.SessionDrives.size_max = '100Gi'``.",
    ).tag(config=True)
    total_max = Unicode(
        None,
        allow_none=True,
        help="Set the size that all drives of a person may have together, as a Kubernetes "
        "quantity; a new drive, a larger and a restored one have to fit. The default drive is made "
        "all the same, and None sets no bound but the number of drives. "
        "Example: ``c.SessionDrives.total_max = '200Gi'``.",
    ).tag(config=True)
    storage_classes = List(
        Unicode(),
        help="List the storage classes that a person may choose for a new drive, besides the one "
        "that drives have without a choice. "
        "Example: ``c.SessionDrives.storage_classes = ['fast', 'cheap']``.",
    ).tag(config=True)
    adoptable = List(
        Unicode(),
        help="List patterns of claims that an administrator may make drives of people. The claim "
        "that KubeSpawner made for a person's default server needs none: it becomes the person's "
        "drive ``default`` by itself. "
        "Example: ``c.SessionDrives.adoptable = ['claim-*', 'team-data']``.",
    ).tag(config=True)
    adopted_are_removed = Bool(
        False,
        help="Remove the claim too when an adopted drive was deleted and can no longer be "
        "restored. The default leaves it, free to be adopted again. "
        "Example: ``c.SessionDrives.adopted_are_removed = True``.",
    ).tag(config=True)

    @validate("size_max", "total_max")
    def _check_quantity(self, proposal: dict[str, Any]) -> str | None:
        name, value = proposal["trait"].name, proposal["value"]
        if value is not None:
            try:
                check_quantity(value)
            except ValueError as error:
                raise TraitError(f"c.SessionDrives.{name} = {value!r}: {error}") from None
        return cast("str | None", value)

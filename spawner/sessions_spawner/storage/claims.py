"""Drives as persistent volume claims of one namespace, named by the drive's opaque id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kubernetes_asyncio.client import ApiException

from ..request.ids import is_drive_id

DRIVE_LABEL: Final = "jupyterhub-sessions/drive"
_FOUND: Final = 409
_MISSING: Final = 404


class ClaimDrives:
    """Makes and removes claims through a `CoreV1Api`.

    `storage_class` None takes the cluster's default class.
    """

    def __init__(
        self, api: Any, namespace: str, *, storage_class: str | None, access_mode: str
    ) -> None:
        self._api = api
        self._namespace = namespace
        self._storage_class = storage_class
        self._access_mode = access_mode

    async def ensure(self, drive_id: str, *, size: str, labels: Mapping[str, str]) -> str:
        """Return the name of the drive's claim, made on first use.

        Raises `ValueError` for anything but a drive id, `ApiException` if it cannot be made.
        """
        name = claim_name(drive_id)
        try:
            await self._api.create_namespaced_persistent_volume_claim(
                self._namespace, self._make(name, drive_id, size, labels)
            )
        except ApiException as error:
            # With a full quota the API server refuses before it sees that there is one.
            if error.status != _FOUND and not await self._exists(name):
                raise
        return name

    async def remove(self, drive_id: str) -> None:
        """Remove a drive's claim with its volume; a missing one is fine.

        Raises `ValueError` for anything but a drive id, `ApiException` if it cannot be removed.
        """
        try:
            await self._api.delete_namespaced_persistent_volume_claim(
                claim_name(drive_id), self._namespace
            )
        except ApiException as error:
            if error.status != _MISSING:
                raise

    async def _exists(self, name: str) -> bool:
        try:
            await self._api.read_namespaced_persistent_volume_claim(name, self._namespace)
        except ApiException:
            return False
        return True

    def _make(
        self, name: str, drive_id: str, size: str, labels: Mapping[str, str]
    ) -> dict[str, Any]:
        spec: dict[str, Any] = {
            "accessModes": [self._access_mode],
            "resources": {"requests": {"storage": size}},
        }
        if self._storage_class is not None:
            spec["storageClassName"] = self._storage_class
        return {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "metadata": {"name": name, "labels": {**labels, DRIVE_LABEL: drive_id}},
            "spec": spec,
        }


def claim_name(drive_id: str) -> str:
    """Return the name of a drive's claim. Raises `ValueError` for anything but a drive id."""
    if not is_drive_id(drive_id):
        raise ValueError("A drive is named by its id.")
    return f"drive-{drive_id}"

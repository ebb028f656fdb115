"""Controls over the sources of volumes; a volume without one is an emptyDir, as the API has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .control import Control, Finding
from .node import WANTS_OBJECT
from .pod import Pod

RESTRICTED_SOURCES: Final = (
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
)


def host_path_volumes(pod: Pod, _minor: int) -> Iterator[Finding]:
    """Find folders of the node."""
    for volume in pod.spec.at("volumes").each():
        source = volume.at("hostPath")
        if not source.is_unset:
            yield source, "Use another kind of volume: no folder of the node may be mounted."


def restricted_volumes(pod: Pod, _minor: int) -> Iterator[Finding]:
    """Find sources beyond the few allowed, unknown ones too.

    The official check lets a volume with two sources pass if one is allowed, because the API's
    validation refuses it; here every source is looked at.
    """
    for volume in pod.spec.at("volumes").each():
        for name, source in volume.fields_set():
            if name not in {"name", *RESTRICTED_SOURCES}:
                yield source, f"Use one of these kinds: {', '.join(RESTRICTED_SOURCES)}."
            elif name != "name" and not source.is_object:
                yield source, WANTS_OBJECT


CONTROLS: Final = (
    Control("hostPathVolumes", "baseline", host_path_volumes),
    Control(
        "restrictedVolumes",
        "restricted",
        restricted_volumes,
        overrides="hostPathVolumes",
    ),
)

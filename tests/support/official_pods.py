"""The pods of Kubernetes' own tests of the Pod Security Standards, from its Go module."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from sessions_spawner.policy.pod_security import Level
from tests.support.parts import find_go_module


@dataclass(frozen=True)
class OfficialPod:
    """A file with a pod, and the level and the minor version that it is for."""

    file: Path
    level: Level
    minor: int

    @property
    def pod(self) -> dict[str, Any]:
        """The pod; most files of one version are those of the one before."""
        return _parse(self.file.read_bytes())


@cache
def _parse(manifest: bytes) -> dict[str, Any]:
    pod: dict[str, Any] = yaml.CSafeLoader(manifest).get_single_data()
    return pod


def find_official_pods(module: str, minors: Iterable[int]) -> Iterator[OfficialPod]:
    """Give the pods of a module (`path@version`) for some minor versions."""
    folder = find_go_module(module)
    assert folder is not None
    levels: tuple[Level, ...] = ("baseline", "restricted")
    for level, minor in product(levels, minors):
        for file in (folder / "test" / "testdata" / level / f"v1.{minor}").glob("*/*.yaml"):
            yield OfficialPod(file, level, minor)

"""The cluster that tests run on: one of their own, or the one that somebody gives them."""

from __future__ import annotations

import json
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support.kubectl import Kubectl
from tests.support.parts import require
from tools.cluster.cluster import begin, end, import_image
from tools.cluster.place import find_place
from tools.cluster.session_image import NAME


@dataclass(frozen=True)
class Bed:
    """A running cluster: its administrator's kubectl, and this machine's address as pods see it.

    `image` is the session image, which the cluster's nodes have. `folder` is the state folder of a
    cluster of the tests' own, None for one that was given.
    """

    kubectl: Kubectl
    address: str
    image: str
    folder: Path | None = None

    def own_folder(self) -> Path:
        """Return the state folder; skip the test on a cluster that is not the tests' own."""
        if self.folder is None:
            pytest.skip("this breaks its cluster, so it has to be one of the tests' own")
        return self.folder


@contextmanager
def open_bed(folder: Path) -> Iterator[Bed]:
    """Give the cluster of `KUBECONFIG` with the image `SESSIONS_IMAGE`, else one in the folder."""
    given = os.environ.get("SESSIONS_IMAGE")
    if given and "KUBECONFIG" in os.environ:
        yield _given_bed(Path(os.environ["KUBECONFIG"]), given)
        return
    require("a cluster's programs")
    require("root")
    programs = Path(os.environ["SESSIONS_CLUSTER_PROGRAMS"])
    place = begin(folder, programs, seed=_seed(), ends_with_us=True)
    try:
        kubectl = Kubectl(programs / "kubectl", place.kubeconfig)
        yield Bed(kubectl, place.host_address, NAME, folder)
    finally:
        end(folder)


def _seed() -> Path | None:
    """Return the layers below the session image's own, unpacked; None beside a whole archive."""
    seed = Path(os.environ.get("SESSIONS_CLUSTER_IMAGE", "")).with_name("seed")
    return seed if seed.exists() else None


def have_image(bed: Bed) -> None:
    """Have the session image in a cluster of the tests' own."""
    if bed.folder is not None:
        require("a session image")
        import_image(bed.folder, Path(os.environ["SESSIONS_CLUSTER_IMAGE"]))


def _given_bed(kubeconfig: Path, image: str) -> Bed:
    programs = Path(os.environ.get("SESSIONS_CLUSTER_PROGRAMS", "/nowhere"))
    program = shutil.which("kubectl", path=f"{programs}{os.pathsep}{os.environ['PATH']}")
    assert program, "A given cluster needs kubectl on PATH."
    kubectl = Kubectl(Path(program), kubeconfig)
    shown = json.loads(kubectl("config", "view", "--minify", "--output=json"))
    api = urlsplit(shown["clusters"][0]["cluster"]["server"])
    address = os.environ.get("SESSIONS_ADDRESS") or _address_towards(api.hostname or "", api.port)
    place = find_place(kubeconfig.parent)
    return Bed(kubectl, place.host_address if place else address, image)


def _address_towards(host: str, port: int | None) -> str:
    """Return this machine's address on the way to another."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect((host, port or 443))
        found: str = probe.getsockname()[0]
        return found

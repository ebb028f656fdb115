"""Where a cluster's things are, and which addresses are its own."""

from __future__ import annotations

import ipaddress
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

NODE: Final = "node1"
API_PORT: Final = 6443
# Private networks 10.N.0.0/16 of which a cluster takes one; low and round ones are often in use.
_BLOCKS: Final = range(131, 250)


@dataclass(frozen=True)
class Place:
    """A cluster's state folder and its private network `10.<block>.0.0/16`.

    The machine and the node are the two ends of a cable; pods are behind the node.
    """

    folder: Path
    block: int

    @property
    def name(self) -> str:
        """The name of the cluster's cgroup and of the machine's end of the cable."""
        return f"sessions-{self.block}"

    @property
    def host_address(self) -> str:
        """The machine's address as pods see it: a hub that runs beside the cluster listens here."""
        return f"10.{self.block}.2.1"

    @property
    def node_address(self) -> str:
        """The node's address; the API server listens there."""
        return f"10.{self.block}.2.2"

    @property
    def pod_gateway(self) -> str:
        """The address of the bridge that pods are on."""
        return f"10.{self.block}.0.1"

    @property
    def pod_range(self) -> str:
        """The addresses of pods."""
        return f"10.{self.block}.0.0/24"

    @property
    def service_range(self) -> str:
        """The addresses of Services."""
        return f"10.{self.block}.1.0/24"

    @property
    def api(self) -> str:
        """The API server's address."""
        return f"https://{self.node_address}:{API_PORT}"

    @property
    def kubeconfig(self) -> Path:
        """The administrator's kubeconfig."""
        return self.folder / "kubeconfig"

    @property
    def logs(self) -> Path:
        """The folder of all programs' logs."""
        return self.folder / "logs"

    @property
    def audit_log(self) -> Path:
        """What service accounts asked the API server for: a JSON object a line."""
        return self.logs / "audit.log"

    @property
    def ready_note(self) -> Path:
        """A file that is there once the cluster can be used."""
        return self.folder / "ready"

    @property
    def holder_note(self) -> Path:
        """The file that names the process that holds the cluster."""
        return self.folder / "holder.json"

    def own_folder(self, path: str) -> Path:
        """Return what lies at a path of the node that is the cluster's own."""
        return self.folder / "node" / path.strip("/").replace("/", "-")

    def keep(self) -> None:
        """Write down which network was taken."""
        (self.folder / "place.json").write_text(json.dumps({"block": self.block}))


def find_place(folder: Path) -> Place | None:
    """Return the cluster's place in a state folder; None if there never was one."""
    try:
        kept = json.loads((folder / "place.json").read_text())
    except FileNotFoundError:
        return None
    return Place(folder, kept["block"])


def choose_place(folder: Path) -> Place:
    """Return the place of a new cluster, in a network that nothing on this machine uses."""
    taken = [ipaddress.ip_network(text, strict=False) for text in _networks_in_use()]
    for block in _BLOCKS:
        wanted = ipaddress.ip_network(f"10.{block}.0.0/16")
        if not any(one.version == 4 and one.prefixlen and one.overlaps(wanted) for one in taken):
            return Place(folder, block)
    raise RuntimeError("every private network 10.N.0.0/16 from 131 to 249 is in use")


def _networks_in_use() -> list[str]:
    listed = subprocess.run(
        ["ip", "-json", "-4", "route", "show", "table", "all"],
        capture_output=True,
        text=True,
        check=True,
    )
    named = [route["dst"] for route in json.loads(listed.stdout)]
    return [text for text in named if text != "default"]

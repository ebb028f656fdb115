"""Who listens on a port of this machine, read from the kernel's tables (proc(5), proc_net(5))."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import TypeAlias

TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
ADDRESSES = Path("/proc/net/if_inet6")
LISTENS = "0A"

Address: TypeAlias = IPv4Address | IPv6Address

V4, V6 = "127.0.0.1", "[::1]"

# Where a program is reached from inside, and which listeners could take such a connection. `::`
# takes IPv4 as well unless its program has asked not to, which the tables do not tell.
REACHED = {
    V4: frozenset(map(ip_address, (V4, "0.0.0.0", "::", "::ffff:127.0.0.1"))),  # noqa: S104
    V6: frozenset(map(ip_address, ("::1", "::"))),
}


@dataclass(frozen=True)
class Listener:
    """A listening socket: the address it is bound to, and the kernel's number of it."""

    address: Address
    inode: str


@dataclass(frozen=True)
class Descriptor:
    """A process's descriptor that is a socket; it is read again to see that it still is."""

    path: str
    link: str

    def is_open(self) -> bool:
        """Tell whether the process still has this very socket open there."""
        return _read_link(self.path) == self.link


def parse_table(text: str, port: int) -> Iterator[Listener]:
    """Give the listeners of a port in the text of /proc/net/tcp or tcp6."""
    for line in text.splitlines()[1:]:
        fields = line.split()
        address, _, number = fields[1].rpartition(":")
        if fields[3] == LISTENS and int(number, 16) == port:
            yield Listener(_parse_address(address), fields[9])


def read_listeners(port: int) -> list[Listener]:
    """Read all listeners of a port in this process's network; none where there are no tables."""
    found: list[Listener] = []
    for table in TABLES:
        try:
            found.extend(parse_table(table.read_text(encoding="ascii"), port))
        except OSError:
            continue
    return found


def find_descriptors(inodes: Iterable[str], among: Iterable[int]) -> dict[str, Descriptor]:
    """Find which of the sockets a process of `among` holds open, each by one descriptor of it."""
    missing = {f"socket:[{inode}]": inode for inode in inodes}
    found: dict[str, Descriptor] = {}
    for pid in sorted(among):
        for path in _descriptors(pid) if missing else ():
            link = _read_link(path)
            if link in missing:
                found[missing.pop(link)] = Descriptor(path, link)
    return found


def choose_host(listeners: Iterable[Listener], own: Iterable[str]) -> str | None:
    """Return a host at which every listener that could answer is one of the sockets `own`."""
    known, ours = list(listeners), set(own)
    safe = []
    for host, taking in REACHED.items():
        takers = {listener.inode for listener in known if listener.address in taking}
        if takers and takers <= ours:
            safe.append(host)
    speaks_v4 = any(listener.address.version == 4 for listener in known)
    if V6 in safe and not speaks_v4 and _has_v6_loopback():
        return V6
    return safe[0] if safe else None


def _has_v6_loopback() -> bool:
    try:
        return f"{1:032x} " in ADDRESSES.read_text(encoding="ascii")
    except OSError:
        return False


def _parse_address(text: str) -> Address:
    """Read an address as the kernel prints it: words of 32 bits in the machine's own order."""
    raw = bytes.fromhex(text)
    if sys.byteorder == "little":
        raw = b"".join(raw[at : at + 4][::-1] for at in range(0, len(raw), 4))
    return ip_address(raw)


def _descriptors(pid: int) -> list[str]:
    folder = f"/proc/{pid}/fd"
    try:
        return [f"{folder}/{name}" for name in os.listdir(folder)]  # noqa: PTH208  many, and often
    except OSError:
        return []


def _read_link(path: str) -> str:
    try:
        return os.readlink(path)  # noqa: PTH115  as above
    except OSError:
        return ""

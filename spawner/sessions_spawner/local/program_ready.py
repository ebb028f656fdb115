"""Readiness of a program that knows nothing of us: its own socket listens and it answers."""

from __future__ import annotations

import asyncio
import contextlib
import os
from pathlib import Path

from . import tree

LOOK_AGAIN_SECONDS = 0.02
ANSWER_WITHIN_SECONDS = 5.0
_LISTEN = "0A"


async def wait_until_served(keeper_pid: int, port: int, base_url: str) -> None:
    """Wait until `keeper_pid` or a process below it listens on the port and answers requests.

    Where the system does not tell whose socket it is, the answer has to do.
    """
    # The program tells nobody, so there is nothing to be woken by.
    while not (is_served_by(keeper_pid, port) and await _answers(port, base_url)):  # noqa: ASYNC110
        await asyncio.sleep(LOOK_AGAIN_SECONDS)


def is_served_by(keeper_pid: int, port: int) -> bool:
    """Say whether a local port's listening socket belongs to the keeper or a process below it."""
    if not os.path.exists("/proc/net/tcp"):
        return True
    inodes = _listening_inodes(port)
    if not inodes:
        return False
    wanted = {f"socket:[{inode}]" for inode in inodes}
    pids = [keeper_pid, *(process.pid for process in tree.descendants(keeper_pid))]
    return any(wanted & _open_links(pid) for pid in pids)


def _listening_inodes(port: int) -> set[str]:
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            lines = Path(table).read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            if fields[3] == _LISTEN and int(fields[1].rpartition(":")[2], 16) == port:
                found.add(fields[9])
    return found


def _open_links(pid: int) -> set[str]:
    folder = f"/proc/{pid}/fd"
    try:
        names = os.listdir(folder)
    except OSError:
        return set()
    links = set()
    for name in names:
        with contextlib.suppress(OSError):  # closed since
            links.add(os.readlink(f"{folder}/{name}"))
    return links


async def _answers(port: int, base_url: str) -> bool:
    """Send one plain request; any HTTP answer will do, since programs differ in their routes."""
    request = f"GET {base_url}api HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    try:
        async with asyncio.timeout(ANSWER_WITHIN_SECONDS):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(request.encode())
                return (await reader.readline()).startswith(b"HTTP/1.")
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False

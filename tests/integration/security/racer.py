"""A program that takes ports of others as soon as they are free, and tells who comes to them.

Run as `python racer.py FOLDER`: it makes `up` there when it races, for the ports that it reads from
its input, one a line. It appends a line to `taken` for each port that it got, and to `received`
whatever is sent to it. It ends when its input is closed.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import sys
from pathlib import Path

READ_WITHIN_SECONDS = 5.0


def try_take(port: int) -> socket.socket | None:
    """Listen on a port, if it is free."""
    taken = socket.socket()
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind(("127.0.0.1", port))
        taken.listen(16)
    except OSError:
        taken.close()
        return None
    return taken


def note(folder: Path, name: str, text: str) -> None:
    """Append a line to a file."""
    with (folder / name).open("a") as file:
        file.write(f"{text}\n")


def take_visitors(folder: Path, held: dict[int, socket.socket]) -> None:
    """Answer whoever has come to a port that was taken."""
    ready, _, _ = select.select(list(held.values()), [], [], 0)
    for listener in ready:
        connection, _address = listener.accept()
        connection.settimeout(READ_WITHIN_SECONDS)
        with connection, contextlib.suppress(OSError):
            note(folder, "received", f"{listener.getsockname()[1]} {connection.recv(4096)!r}")


def main(folder: Path) -> None:
    """Race until the input is closed."""
    wanted: set[int] = set()
    held: dict[int, socket.socket] = {}
    (folder / "up").touch()
    while True:
        if select.select([0], [], [], 0)[0]:
            text = os.read(0, 4096)
            if not text:
                return
            wanted.update(int(line) for line in text.split())
        for port in wanted - held.keys():
            if (taken := try_take(port)) is not None:
                held[port] = taken
                note(folder, "taken", str(port))
        take_visitors(folder, held)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

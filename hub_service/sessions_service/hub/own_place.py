"""A service in a place of its own, such as a Deployment: what the hub has to know of it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sessions_spawner.wire.network import host_and_port
from sessions_spawner.wire.secret import read_mounted, read_mounted_secret

SERVICE_PORT: Final = 8900
LINK_PORT: Final = 8901
# Of the mounted Secret, what hub and service both read.
LINK_SECRET: Final = "link.secret"
TOKEN: Final = "service.token"


@dataclass(frozen=True)
class OwnPlace:
    """Where the service answers, where it waits for the link, and what both sides know.

    `url` and `link` (`HOST:PORT`) are inner addresses; the proxy serves the first alone.
    """

    url: str
    link: str
    token: str = field(repr=False)
    secret: bytes = field(repr=False)

    @property
    def port(self) -> int:
        """The service's port."""
        return urlsplit(self.url).port or SERVICE_PORT

    @property
    def is_on_this_machine(self) -> bool:
        """Tell whether the service is reached by the machine's own address alone."""
        return urlsplit(self.url).hostname in ("127.0.0.1", "::1", "localhost")


def find_own_place(
    url: str | None, link: str | None, secrets: str | os.PathLike[str] | None
) -> OwnPlace | None:
    """Return the place that `configure` was given; None if the service is the hub's child.

    Raises `ValueError`, `BadSecret` with a sentence that says what to change.
    """
    if url is None:
        if link is not None or secrets is not None:
            raise ValueError("Give the address of the service too, as service='http://sessions'.")
        return None
    if secrets is None:
        raise ValueError("Name the folder where the service's Secret is mounted, as secrets='…'.")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError(f"service={url!r}: write http://HOST:PORT, such as http://sessions:8900.")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    address = link or f"{host}:{LINK_PORT}"
    host_and_port(address)
    return OwnPlace(
        url=f"{parts.scheme}://{host}:{parts.port or SERVICE_PORT}",
        link=address,
        token=read_mounted(Path(secrets) / TOKEN).decode("ascii"),
        secret=read_mounted_secret(Path(secrets) / LINK_SECRET),
    )

"""Where a service runs: as the hub's child, or in a place of its own with mounted secrets."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from sessions_spawner.wire.channel import Answerer
from sessions_spawner.wire.network import host_and_port
from sessions_spawner.wire.secret import BadSecret, read_mounted, read_mounted_secret

from ..db.seal import KEY_VARIABLE, Seal, WrongKey
from ..hub.link import ServiceEnd
from ..hub.own_place import LINK_SECRET, SERVICE_PORT, TOKEN

# What only the service reads of its Secret.
COOKIE_SECRET: Final = "cookie.secret"
DATABASE_URL: Final = "database.url"
CRYPT_KEYS: Final = "crypt.keys"


class WrongPlace(Exception):
    """A service cannot run so; the sentence says what to change."""


@dataclass(frozen=True)
class Place:
    """A service's state folder and, in a place of its own, its Secret's folder and link.

    `link` is `unix:` or `HOST:PORT`. Without `secrets` the service is the hub's child.
    """

    state: Path
    secrets: Path | None = None
    link: str = "unix:"

    @property
    def is_its_own(self) -> bool:
        """Tell whether the service is not the hub's child."""
        return self.secrets is not None

    def make_ready(self, environment: MutableMapping[str, str]) -> None:
        """Check what is mounted, and set what the hub sets for a service that is its child.

        Raises `WrongPlace`.
        """
        if self.secrets is None:
            return
        if not environment.get("JUPYTERHUB_API_URL"):
            raise WrongPlace(
                "Name the hub's API in JUPYTERHUB_API_URL, such as http://hub:8081/hub/api."
            )
        try:
            if self.link != "unix:":
                host_and_port(self.link)
            read_mounted_secret(self.secrets / LINK_SECRET)
            token = read_mounted(self.secrets / TOKEN).decode("ascii")
        except (BadSecret, ValueError) as wrong:
            raise WrongPlace(str(wrong)) from None
        self.state.parent.mkdir(parents=True, exist_ok=True)
        for folder in (self.state, self.state / "link"):
            folder.mkdir(mode=0o700, exist_ok=True)
        parts = filter(None, environment.get("JUPYTERHUB_BASE_URL", "/").split("/"))
        base = environment["JUPYTERHUB_BASE_URL"] = "/".join(("", *parts, ""))
        for name, value in {
            "JUPYTERHUB_API_TOKEN": token,
            "JUPYTERHUB_CLIENT_ID": "service-sessions",
            "JUPYTERHUB_SERVICE_NAME": "sessions",
            "JUPYTERHUB_SERVICE_PREFIX": f"{base}services/sessions/",
            "JUPYTERHUB_SERVICE_URL": f"http://0.0.0.0:{SERVICE_PORT}",
        }.items():
            environment.setdefault(name, value)

    def database_url(self) -> str:
        """Return the database's address: mounted, from the state folder's file, else SQLite's.

        Raises `SystemExit` with a sentence for a file that is open to others.
        """
        if mounted := self._mounted(DATABASE_URL):
            return mounted.decode()
        path = self.state / DATABASE_URL
        if not path.exists():
            return f"sqlite:///{self.state / 'sessions.sqlite'}"
        if path.stat().st_mode & 0o077:
            raise SystemExit(f"The database's address is open to others: run chmod 600 {path}.")
        return path.read_text().strip()

    def cookie_secret(self) -> bytes:
        """Return what signs cookies and tokens of the page: mounted, else made on first use."""
        if mounted := self._mounted(COOKIE_SECRET, read_mounted_secret):
            return mounted
        path = self.state / COOKIE_SECRET
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_bytes()
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(32))
        return path.read_bytes()

    def take_seal(self) -> Seal:
        """Return the seal of the keys that are mounted or in our environment, and leave none there.

        Raises `SystemExit` with a sentence for a key that is none.
        """
        given = os.environ.pop(KEY_VARIABLE, "")
        try:
            return Seal((self._mounted(CRYPT_KEYS) or given.encode()).decode())
        except WrongKey as error:
            raise SystemExit(str(error)) from None

    def make_link(self, answerers: dict[str, Answerer]) -> ServiceEnd:
        """Return the link's end of a service that runs here."""
        folder = self.state / "link"
        if self.secrets is None:
            return ServiceEnd(folder, answerers)
        secret = partial(read_mounted_secret, self.secrets / LINK_SECRET)
        return ServiceEnd(folder, answerers, address=self.link, secret_of_link=secret)

    def _mounted(self, name: str, read: Callable[[Path], bytes] = read_mounted) -> bytes:
        """Return a mounted file's content, empty if there is none. Raises `SystemExit`."""
        if self.secrets is None or not (self.secrets / name).exists():
            return b""
        try:
            return read(self.secrets / name)
        except BadSecret as wrong:
            raise SystemExit(str(wrong)) from None

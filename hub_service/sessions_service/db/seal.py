"""The seal: what is secret is kept encrypted, by the keys with which the hub keeps auth state."""

from __future__ import annotations

import json
from typing import Any, Final

from jupyterhub.crypto import CryptKeeper, InvalidToken  # type: ignore[attr-defined]
from traitlets import TraitError
from traitlets.config import Config

from .engine import Db

KEY_VARIABLE: Final = "JUPYTERHUB_CRYPT_KEY"
_OPTION: Final = "sessions_seal"


class WrongKey(ValueError):
    """A key that is none; the sentence says what one looks like, and not the key."""


class CannotOpen(Exception):
    """Sealed data whose key is no longer among ours."""


class Seal:
    """Encrypts with the first of the keys and decrypts with any; without a key it is off.

    `keys` are as in `JUPYTERHUB_CRYPT_KEY`: separated by `;`, each 32 bytes, in base64 or hex.
    Raises `WrongKey`.
    """

    def __init__(self, keys: str = "") -> None:
        listed = [key.strip() for key in keys.split(";") if key.strip()]
        self._fernet = _make_fernet(listed) if listed else None

    @property
    def is_on(self) -> bool:
        """Tell whether there is a key."""
        return self._fernet is not None

    def close(self, data: Any) -> str:
        """Return JSON data sealed. Raises `ValueError` without a key."""
        if self._fernet is None:
            raise ValueError("There is no key to seal with.")
        sealed: bytes = self._fernet.encrypt(json.dumps(data).encode())
        return sealed.decode()

    def open(self, sealed: object) -> Any:
        """Return what was sealed. Raises `CannotOpen`."""
        if self._fernet is None or not isinstance(sealed, str):
            raise CannotOpen
        try:
            return json.loads(self._fernet.decrypt(sealed.encode()))
        except (InvalidToken, ValueError):
            raise CannotOpen from None


def _make_fernet(keys: list[str]) -> Any:
    try:
        fernet = CryptKeeper(config=Config(), keys=keys).fernet
    except (TraitError, ValueError):
        raise WrongKey(f"{KEY_VARIABLE}: use keys of 32 bytes in base64 or hex.") from None
    if fernet is None:
        raise WrongKey(f"{KEY_VARIABLE} needs the package ‘cryptography’: install it.")
    return fernet


def attach(db: Db, seal: Seal) -> None:
    """Make `seal` the one of this transaction."""
    db.execution_options(**{_OPTION: seal})


def seal_of(db: Db) -> Seal:
    """Return the seal of a transaction; one that is off if there is none."""
    return db.get_execution_options().get(_OPTION) or Seal()

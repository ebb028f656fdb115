"""The 32-byte secret that both ends of the link prove to each other."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Final

SECRET_BYTES: Final = 32
_MOST_BYTES: Final = 64 * 1024


class BadSecret(Exception):
    """The secret's file is missing, short or readable by others."""


def ensure_secret(path: Path) -> bytes:
    """Return the secret in `path`, making it (mode 0600) when there is none."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return read_secret(path)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(SECRET_BYTES))
    return read_secret(path)


def read_secret(path: Path) -> bytes:
    """Return the secret. Raises `BadSecret` with a sentence that says what to change."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError as error:
        raise BadSecret(f"The link's secret cannot be read: {error.strerror}.") from None
    with os.fdopen(descriptor, "rb") as file:
        if os.fstat(file.fileno()).st_mode & 0o077:
            raise BadSecret(f"The link's secret is open to others: run chmod 600 {path}.")
        secret = file.read(SECRET_BYTES + 1)
    if len(secret) != SECRET_BYTES:
        raise BadSecret(f"The link's secret must have {SECRET_BYTES} bytes: remove {path}.")
    return secret


def read_mounted(path: Path) -> bytes:
    """Return what a file of a mounted Secret holds, without white space around it.

    Such a file is root's and a symbolic link; a pod's `fsGroup` lets its processes read it. Raises
    `BadSecret`.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError as error:
        raise BadSecret(f"The secret {path} cannot be read: {error.strerror}.") from None
    with os.fdopen(descriptor, "rb") as file:
        if os.fstat(file.fileno()).st_mode & 0o027:
            raise BadSecret(
                f"The secret {path} is open to others: mount it with defaultMode 0400, and give "
                "the pod an fsGroup."
            )
        return file.read(_MOST_BYTES).strip()


def read_mounted_secret(path: Path) -> bytes:
    """Return the secret of a mounted file, written as hexadecimal digits. Raises `BadSecret`."""
    try:
        secret = bytes.fromhex(read_mounted(path).decode("ascii"))
    except ValueError:
        secret = b""
    if len(secret) != SECRET_BYTES:
        raise BadSecret(
            f"The secret {path} must be {2 * SECRET_BYTES} hexadecimal digits, such as "
            f"`openssl rand -hex {SECRET_BYTES}` prints."
        )
    return secret


def prove(secret: bytes, who: str, *nonces: bytes) -> str:
    """Return the proof (hex HMAC-SHA-256) that `who` knows the secret."""
    return hmac.new(secret, who.encode() + b"\0" + b"\0".join(nonces), hashlib.sha256).hexdigest()


def is_proof(secret: bytes, proof: object, who: str, *nonces: bytes) -> bool:
    """Tell in constant time whether a proof is right."""
    return isinstance(proof, str) and hmac.compare_digest(
        prove(secret, who, *nonces).encode(), proof.encode("utf-8", "replace")
    )

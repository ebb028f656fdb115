"""Event ids: opaque, one stream's own, so that they tell nothing about others' events."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Final

_TAG: Final = 8


class EventIds:
    """Seals revisions into event ids and opens them again; keyed by the visitor."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def seal(self, visitor: str, revision: int) -> str:
        """Return the event id of a revision for this visitor."""
        plain = revision.to_bytes(8, "big")
        tag = self._mac(visitor, b"tag", plain)
        pad = self._mac(visitor, b"pad", tag)
        hidden = bytes(a ^ b for a, b in zip(plain, pad, strict=True))
        return base64.urlsafe_b64encode(tag + hidden).decode().rstrip("=")

    def open(self, visitor: str, event_id: str) -> int | None:
        """Return the revision of an event id, or None for one that is not this visitor's."""
        try:
            raw = base64.urlsafe_b64decode(event_id + "=" * (-len(event_id) % 4))
        except ValueError:
            return None
        if len(raw) != 2 * _TAG:
            return None
        tag, hidden = raw[:_TAG], raw[_TAG:]
        pad = self._mac(visitor, b"pad", tag)
        plain = bytes(a ^ b for a, b in zip(hidden, pad, strict=True))
        if not hmac.compare_digest(tag, self._mac(visitor, b"tag", plain)):
            return None
        revision = int.from_bytes(plain, "big")
        # Base 64 has several spellings of the same bytes; one of them is ours.
        return revision if self.seal(visitor, revision) == event_id else None

    def _mac(self, visitor: str, what: bytes, body: bytes) -> bytes:
        key = visitor.encode() + b"\0" + what + b"\0" + body
        return hmac.new(self._secret, key, hashlib.sha256).digest()[:_TAG]

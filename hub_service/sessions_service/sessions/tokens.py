"""The sessions' own tokens by SHA-256, in memory: which live session one belongs to."""

from __future__ import annotations

from collections.abc import Iterable

from .models import Session


class SessionTokens:
    """Answers without a call to the hub; only the live run's token counts."""

    def __init__(self) -> None:
        self._session_of: dict[str, str] = {}
        self._digest_of: dict[str, str] = {}

    def load(self, sessions: Iterable[Session]) -> None:
        """Take the tokens of the live sessions, at start."""
        for session in sessions:
            if session.token_sha256:
                self.add(session.token_sha256, session.id)

    def add(self, digest: str, session_id: str) -> None:
        """Take the token of a session's new run; the one before counts no longer."""
        self.drop(session_id)
        self._session_of[digest] = session_id
        self._digest_of[session_id] = digest

    def drop(self, session_id: str) -> None:
        """Forget the token of a session that has ended."""
        digest = self._digest_of.pop(session_id, None)
        if digest is not None and self._session_of.get(digest) == session_id:
            del self._session_of[digest]

    def session_of(self, digest: str) -> str | None:
        """Return the session that a token's digest belongs to."""
        return self._session_of.get(digest)

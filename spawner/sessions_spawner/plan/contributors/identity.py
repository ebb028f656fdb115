"""The share that tells a session who it is and where it reports."""

from __future__ import annotations

from ..contribution import Contribution


def contribute(session_id: str, name: str, activity_url: str) -> Contribution:
    """Return the variables that `sessions_proxy` reads."""
    return Contribution(
        origin="session",
        env={
            "SESSIONS_ID": session_id,
            "SESSIONS_NAME": name,
            "SESSIONS_ACTIVITY_URL": activity_url,
        },
        labels={"session": session_id},
    )

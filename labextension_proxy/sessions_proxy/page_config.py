"""What JupyterLab's page is told of its session, for our extension in the status bar."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any


def name_session(settings: MutableMapping[str, Any], environment: Mapping[str, str]) -> None:
    """Write the session's id and name into the page's data; nothing where there is no session.

    The hub's own extension adds `hubHost` and `hubPrefix`, which lead to the Sessions page.
    """
    session_id = environment.get("SESSIONS_ID", "")
    if session_id:
        config = settings.setdefault("page_config_data", {})
        config["sessionsId"] = session_id
        config["sessionsName"] = environment.get("SESSIONS_NAME", "")

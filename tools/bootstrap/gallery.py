"""`make ui`: the page in every state, from its sources, which are loaded anew as they change."""

from __future__ import annotations

import os

from .development_hub import check_port_is_free
from .node_packages import SESSIONS_PAGE, ensure_packages
from .python_packages import HUB_6, ensure_environment
from .steps import Trouble, say

DEFAULT_PORT = 8001


def start() -> int:
    """Serve the gallery on this machine until it is stopped.

    Raises:
        Trouble: when something is missing or the port is taken.
    """
    given = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not given.isdecimal():
        raise Trouble(f"PORT={given} is no number.")
    check_port_is_free(int(given))
    ensure_environment(HUB_6)
    ensure_packages(SESSIONS_PAGE)
    vite = str(SESSIONS_PAGE.sources / "node_modules" / ".bin" / "vite")
    static = HUB_6.folder / "share" / "jupyterhub" / "static"
    say(f"http://127.0.0.1:{given}/gallery.html")
    os.chdir(SESSIONS_PAGE.sources)
    argv = [vite, "--config", "vite.gallery.config.ts", "--port", given]
    os.execve(vite, argv, {**os.environ, "HUB_STATIC": str(static)})

"""Hatchling's hook that refuses a wheel without the builds of its pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NEEDED = {
    "the Sessions page": "hub_service/sessions_service/web/static/app/.vite/manifest.json",
    "the shell's page": "labextension_proxy/sessions_proxy/shell/static/index.html",
    "the extension of JupyterLab": (
        "labextension_proxy/share/jupyter/labextensions/jupyterhub-sessions/package.json"
    ),
}


class PageBuilds(BuildHookInterface[Any]):
    """Stops a build whose artefacts are missing; an editable install may do without them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Check that every build is there.

        Raises:
            RuntimeError: with the command that makes them.
        """
        if version == "editable":
            return
        missing = [name for name, path in NEEDED.items() if not Path(self.root, path).exists()]
        if missing:
            names = " and ".join(filter(None, (", ".join(missing[:-1]), missing[-1])))
            raise RuntimeError(f"{names} must be built first: run `make wheel`.")

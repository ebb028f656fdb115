"""Hatchling's hook that refuses a wheel without the two pages' builds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NEEDED = {
    "the Sessions page": "hub_service/sessions_service/web/static/app/.vite/manifest.json",
    "the shell's page": "labextension_proxy/sessions_proxy/shell/static/index.html",
}


class PageBuilds(BuildHookInterface[Any]):
    """Stops a build whose artefacts are missing; an editable install may do without them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Check that both builds are there.

        Raises:
            RuntimeError: with the command that makes them.
        """
        if version == "editable":
            return
        missing = [name for name, path in NEEDED.items() if not Path(self.root, path).exists()]
        if missing:
            raise RuntimeError(f"{' and '.join(missing)} must be built first: run `make wheel`.")

"""Which doors lead into this session: those whose programs are installed where it runs."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec

from .code.program import find_program


def installed_doors() -> dict[str, bool]:
    """Return door → whether its program is there; VS Code may come and go while a session runs."""
    has_proxy = _is_installed("jupyter_server_proxy")
    return {
        "lab": _is_installed("jupyterlab"),
        "code": has_proxy and find_program() is not None,
        "shell": has_proxy,
    }


@cache
def _is_installed(package: str) -> bool:
    return find_spec(package) is not None

"""What the make targets call: `python -m tools.cluster WORD ...`, where the words are listed."""

from __future__ import annotations

import os
import shlex
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from tools.bootstrap.code_server import ensure_code_server, is_wanted
from tools.bootstrap.python_packages import ensure_wheel
from tools.bootstrap.steps import Trouble

from .cluster import ClusterError, begin, end, import_image, is_running, why_impossible
from .go import ensure_go
from .place import find_place
from .programs import ensure_module, ensure_programs
from .session_image import NAME, ensure_session_image, fill_context


def main(words: Sequence[str]) -> int:
    """Carry out one word; the last line that is printed is the answer, or what is wrong."""
    try:
        print(WORDS[words[0]](*words[1:]), flush=True)
    except (ClusterError, Trouble) as error:
        print(f"error: {error}", flush=True)
        return 1
    return 0


def _possible() -> str:
    """Say why there can be no cluster on this machine; nothing if there can."""
    return why_impossible()


def _ahead() -> str:
    """Have what a cluster's tests need, with processor time that nobody else wants."""
    # What it runs at that moment is ended with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    ensure_programs()
    return str(ensure_session_image(ensure_wheel()))


def _go() -> str:
    """Have Go, with which the programs are built and whose modules some tests read."""
    return ensure_go()


def _programs(*names: str) -> str:
    """Have a cluster's programs, or those of named modules."""
    return "\n".join(str(ensure_module(name)) for name in names) or str(ensure_programs())


def _image() -> str:
    """Have the session image with the sources as they are."""
    return str(ensure_session_image(ensure_wheel()))


def _context(folder: str) -> str:
    """Fill the folder that the session image's Dockerfile is built from."""
    context = Path(folder).resolve()
    if context.exists() and any(context.iterdir()):
        raise Trouble(f"{context} holds something already: name an empty folder.")
    context.mkdir(parents=True, exist_ok=True)
    fill_context(context, ensure_wheel(), ensure_code_server().parent if is_wanted() else None)
    return f"{context} is filled; deploy/session-image/README.md has the next command."


def _begin(folder: str) -> str:
    """Start a cluster unless it runs; give it the session image with the sources as they are."""
    archive = ensure_session_image(ensure_wheel())
    place = find_place(Path(folder)) if is_running(Path(folder)) else None
    if place is None:
        seed = archive.with_name("seed")
        place = begin(Path(folder), ensure_programs(), seed=seed)
    import_image(place.folder, archive)
    variables = {
        "KUBECONFIG": place.kubeconfig,
        "SESSIONS_IMAGE": NAME,
        "SESSIONS_ADDRESS": place.host_address,
    }
    set_by = (f"{name}={shlex.quote(str(value))}" for name, value in variables.items())
    return f"export {' '.join(set_by)}"


def _end(folder: str) -> str:
    """End a cluster, if it runs."""
    end(Path(folder))
    return "There is no cluster any more."


WORDS: Final[Mapping[str, Callable[..., str]]] = {
    "possible": _possible,
    "ahead": _ahead,
    "go": _go,
    "programs": _programs,
    "image": _image,
    "context": _context,
    "begin": _begin,
    "end": _end,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

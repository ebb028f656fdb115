"""What the make targets call: `python -m tools.cluster begin|end|programs|image`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from tools.bootstrap.python_packages import ensure_wheel
from tools.bootstrap.steps import Trouble

from .cluster import ClusterError, begin, end
from .programs import ensure_programs
from .session_image import ensure_session_image


def main(words: Sequence[str]) -> int:
    """Carry out one word; the last line that is printed is the answer, or what is wrong."""
    try:
        print(_answer(words), flush=True)
    except (ClusterError, Trouble) as error:
        print(f"error: {error}", flush=True)
        return 1
    return 0


def _answer(words: Sequence[str]) -> str:
    if words[0] == "programs":
        return str(ensure_programs())
    if words[0] == "image":
        return str(ensure_session_image(ensure_wheel()))
    folder = Path(words[1]).resolve()
    if words[0] == "end":
        end(folder)
        return "There is no cluster any more."
    return f"export KUBECONFIG={begin(folder, ensure_programs()).kubeconfig}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

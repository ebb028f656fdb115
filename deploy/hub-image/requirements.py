"""Write what the hub image installs, from a lock: `requirements.py hub-6.1 FOLDER`."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


def main(line: str, folder: Path) -> None:
    """Write hub.txt and constraints.txt into a folder."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["hub"], *extras["kubernetes"]]
    lock = (CHECKOUT / "requirements" / f"{line}.txt").read_text()
    pinned = re.findall(r"^[a-z0-9][\w.-]*==[^\s\\;]+", lock, re.MULTILINE)
    (folder / "hub.txt").write_text("\n".join(wanted) + "\n")
    (folder / "constraints.txt").write_text("\n".join(pinned) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

"""Asks for many starts at once, from a process of its own: `burst.py` gives whom and where."""

from __future__ import annotations

import asyncio
import json
import sys

from benchmarks.burst import Asked, ask_all


def main() -> None:
    """Read side and users as JSON, print a line, ask, and print the codes of the answers."""
    given = json.load(sys.stdin)
    print("asking", flush=True)
    print(json.dumps(asyncio.run(ask_all(Asked(**given["side"]), given["users"]))))


if __name__ == "__main__":
    main()

"""The quick set of benchmarks, or those that are named: `python -m benchmarks [NAME ...] [--full]`.

The quick set stays under 10 minutes on two cores; `--full` measures the large scale points. Those
that start a Kubernetes cluster need root and Go, and run by name or with `--full`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from tools.cluster.cluster import why_impossible

QUICK: dict[str, tuple[str, ...]] = {
    "start": ("--rounds", "3", "--many", "20"),
    "create": ("--rounds", "3", "--requests", "20", "--at-once", "100"),
    "transitions": ("--rounds", "5", "--lives", "100"),
    "listing": ("--rows", "100000", "--rounds", "3"),
    "burst": ("--rounds", "2", "--burst", "100", "--singly", "10"),
    "page": ("--rounds", "3", "--rest", "60"),
}
ON_A_CLUSTER: dict[str, tuple[str, ...]] = {
    "standing": ("--pods", "1000", "--rounds", "2", "--window", "35"),
    "start_kubernetes": ("--rounds", "3", "--many", "3", "--each", "5", "--burst", "20"),
}
FULL: dict[str, tuple[str, ...]] = {
    "start": ("--rounds", "5", "--many", "20", "40"),
    "create": ("--rounds", "5", "--requests", "100", "--at-once", "1000"),
    "transitions": ("--rounds", "5", "--lives", "500"),
    "listing": ("--rows", "1000000", "--rounds", "5"),
    "burst": ("--rounds", "5", "--burst", "500"),
    "page": ("--rounds", "10"),
    "standing": ("--pods", "10000", "--rounds", "5", "--window", "60"),
    "start_kubernetes": ("--rounds", "5", "--many", "5", "--each", "20", "--burst", "100"),
}


def main() -> int:
    """Run benchmarks one after the other; return how many broke or passed a budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(FULL))
    parser.add_argument("--full", action="store_true")
    options = parser.parse_args()
    chosen = FULL if options.full else QUICK | ON_A_CLUSTER
    unknown = set(options.names) - set(chosen)
    if unknown:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    broken = 0
    for name in options.names or (FULL if options.full else QUICK):
        if name in ON_A_CLUSTER and (why := why_impossible()):
            print(f"-- benchmarks.{name} is left out. {why}", flush=True)
            continue
        command = [sys.executable, "-m", f"benchmarks.{name}", *chosen[name]]
        print(f"-- {' '.join(command[1:])}", flush=True)
        broken += subprocess.run(command, check=False).returncode != 0
    return broken


if __name__ == "__main__":
    sys.exit(main())

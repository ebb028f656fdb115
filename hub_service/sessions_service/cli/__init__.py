"""The command `jupyterhub-sessions`."""

from __future__ import annotations

import argparse
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(prog="jupyterhub-sessions", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (
        ("serve", "run the service under its supervisor (the hub calls this)"),
        ("work", "run one worker (the supervisor calls this)"),
        ("doctor", "compare records and processes, and name what does not agree"),
        ("settings", "print the reference of the administrator's settings"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        if name != "settings":
            command.add_argument("--state", type=Path, required=True, help="the state folder")
        if name == "work":
            command.add_argument("--socket-fd", type=int, required=True)
            command.add_argument("--supervisor", required=True)
    options = parser.parse_args(arguments)
    return _run(options)


def _run(options: argparse.Namespace) -> int:
    # Each command imports what it needs: the supervisor stays small.
    if options.command == "serve":
        from ..process.supervisor import supervise

        return supervise(options.state)
    if options.command == "work":
        from ..process.worker import work

        return work(options.state, options.socket_fd, options.supervisor)
    if options.command == "settings":
        from .settings import print_reference

        return print_reference()
    from .doctor import run_doctor

    return run_doctor(options.state)

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
        ("doctor", "compare records, hub, processes and pods, and name what does not agree"),
        ("settings", "print the reference of the administrator's settings"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        if name != "settings":
            command.add_argument("--state", type=Path, required=True, help="the state folder")
        if name in ("serve", "doctor"):
            command.add_argument(
                "--secrets",
                type=Path,
                help="the folder with the mounted Secret of a service in a place of its own",
            )
        if name == "serve":
            command.add_argument(
                "--link",
                default="unix:",
                help="where such a service waits for the hub, as 0.0.0.0:8901",
            )
        if name == "doctor":
            command.add_argument("--hub", help="the hub's API, as http://127.0.0.1:8081/hub/api")
            command.add_argument(
                "--token-file",
                type=Path,
                help="a file, closed to others, with a token that may list:users and read:servers",
            )
    options = parser.parse_args(arguments)
    return _run(options)


def _run(options: argparse.Namespace) -> int:
    # Each command imports what it needs.
    if options.command == "serve":
        from ..process.supervisor import supervise

        return supervise(options.state, options.secrets, options.link)
    if options.command == "settings":
        from .settings import print_reference

        return print_reference()
    from .doctor import run_doctor

    return run_doctor(options.state, options.hub, options.token_file, options.secrets)

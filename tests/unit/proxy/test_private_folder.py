"""The folder of a server's sockets: its own, also after a fork, and swept when it is gone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

LEAVE_TWO_BEHIND = """
import os
from sessions_proxy.private_folder import private_folder
ours = private_folder()
assert private_folder() == ours
assert ours.stat().st_mode & 0o777 == 0o700
if os.fork():
    os.wait()
print(private_folder(), flush=True)
os._exit(0)
"""
HAVE_ONE = """
from sessions_proxy.private_folder import private_folder
print(private_folder(), private_folder().exists())
"""


def run(program: str, base: Path) -> list[str]:
    """Run a Python program whose runtime folder is `base`; return the words it printed."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "XDG_RUNTIME_DIR": str(base)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_a_forked_child_has_a_folder_of_its_own_and_the_next_session_sweeps_what_is_left(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    base = tmp_path_factory.mktemp("run")  # a short name: sockets have room in it
    left = run(LEAVE_TWO_BEHIND, base)
    assert len(set(left)) == 2
    assert sorted(map(str, base.iterdir())) == sorted(left)
    made, existed = run(HAVE_ONE, base)
    assert (Path(made).parent, existed) == (base, "True")
    assert list(base.iterdir()) == []


def test_a_folder_too_deep_for_a_socket_is_not_used(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 80)
    deep.mkdir()
    made, _existed = run(HAVE_ONE, deep)
    assert Path(made).parent != deep

"""The make targets' own mechanics: steps done once, ports, leftovers of tests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools.bootstrap.cluster_parts import ask, is_ahead
from tools.bootstrap.development_hub import check_port_is_free
from tools.bootstrap.hub_cluster import read_variables
from tools.bootstrap.programs import run
from tools.bootstrap.python_packages import HUB_5, HUB_6, Environment, _lock_of_uv
from tools.bootstrap.steps import Step, Trouble, digest, made_aside

CHECKOUT = Path(__file__).resolve().parents[2]


class Counted:
    """A step over one file, which counts how often it was carried out."""

    def __init__(self, folder: Path) -> None:
        self.source = folder / "source"
        self.product = folder / "product"
        self.folder = folder
        self.times = 0
        self.fails = False

    def ensure(self) -> None:
        """Ensure the step as a make target does."""
        stamp = self.folder / "stamp"
        Step("counting", digest(self.source), self.product, stamp, self._work).ensure()

    def _work(self) -> None:
        self.times += 1
        self.product.write_text("made")
        if self.fails:
            raise Trouble("half way")


@pytest.fixture
def counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Counted:
    """Give a step whose source is there; its locks are in the test's folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    step = Counted(tmp_path)
    step.source.write_text("one")
    return step


def test_a_step_is_carried_out_once(counted: Counted) -> None:
    counted.ensure()
    counted.ensure()
    assert counted.times == 1


def test_a_step_is_carried_out_again_when_its_source_changes(counted: Counted) -> None:
    counted.ensure()
    counted.source.write_text("two")
    counted.ensure()
    assert counted.times == 2


def test_a_step_is_carried_out_again_when_its_product_is_gone(counted: Counted) -> None:
    counted.ensure()
    counted.product.unlink()
    counted.ensure()
    assert counted.times == 2


def test_a_half_finished_step_is_carried_out_again(counted: Counted) -> None:
    counted.fails = True
    with pytest.raises(Trouble):
        counted.ensure()
    counted.fails = False
    counted.ensure()
    assert counted.times == 2


def test_a_failed_step_after_a_good_one_is_not_taken_for_done(counted: Counted) -> None:
    counted.ensure()
    counted.source.write_text("two")
    counted.fails = True
    with pytest.raises(Trouble):
        counted.ensure()
    counted.source.write_text("one")
    counted.fails = False
    counted.ensure()
    assert counted.times == 3


def test_a_digest_knows_names_and_contents(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    seen = {digest(tmp_path)}
    (tmp_path / "a").rename(tmp_path / "b")
    seen.add(digest(tmp_path))
    (tmp_path / "b").write_text("y")
    seen.add(digest(tmp_path))
    assert len(seen) == 3


def test_a_digest_leaves_installed_packages_and_caches_out(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    before = digest(tmp_path)
    for name in ("node_modules", "__pycache__"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "b").write_text("x")
    assert digest(tmp_path) == before


def test_what_is_made_aside_takes_its_place_only_when_whole(tmp_path: Path) -> None:
    place = tmp_path / "place"
    with pytest.raises(Trouble):
        make_aside(place, "half", fails=True)
    assert list(tmp_path.iterdir()) == []
    make_aside(place, "whole", fails=False)
    assert (place / "part").read_text() == "whole"


def make_aside(place: Path, text: str, *, fails: bool) -> None:
    """Make a folder of one file aside, or stop half way."""
    with made_aside(place) as aside:
        (aside / "part").write_text(text)
        if fails:
            raise Trouble("stopped")


def test_a_taken_port_is_a_sentence_with_a_free_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
        with pytest.raises(Trouble, match=f"Port {port} is taken.*make run PORT=\\d+$"):
            check_port_is_free(port)
    check_port_is_free(port)


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "8000 "])
def test_make_run_refuses_what_is_no_port(port: str) -> None:
    made = subprocess.run(
        [sys.executable, "-m", "tools.bootstrap", "run"],
        cwd=CHECKOUT,
        env={**os.environ, "PORT": port},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 1
    assert made.stdout.startswith(f"error: PORT={port} is no port")


def test_a_failed_program_shows_its_last_lines() -> None:
    argv = [sys.executable, "-c", "print('a clear reason'); raise SystemExit(3)"]
    with pytest.raises(Trouble, match=r"(?s)making it failed \(exit code 3\).*a clear reason"):
        run(argv, log="test-of-programs", doing="making it")


def test_a_registry_out_of_reach_is_said_as_such() -> None:
    argv = [sys.executable, "-c", "raise SystemExit('npm error code ENOTFOUND')"]
    with pytest.raises(Trouble, match="A package registry could not be reached"):
        run(argv, log="test-of-programs", doing="fetching it")


LEAVES_A_DAEMON = """
import subprocess
subprocess.run(["sh", "-c", "setsid sleep 987654 >/dev/null 2>&1 &"])
"""
SUPERVISES = """
import os, sys
from pathlib import Path
from tools.bootstrap import supervise
ended = supervise.run_supervised([sys.executable, "-c", sys.argv[1]], os.environ, Path.cwd())
left = supervise.end_leftovers(grace_seconds=0.2, ask=False)
print(ended.code, [line.split(": ", 1)[1] for line in left])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux hands orphans to a subreaper")
@pytest.mark.parametrize(
    ("program", "answer"),
    [
        (LEAVES_A_DAEMON, "0 ['sleep 987654']"),
        ("raise SystemExit(3)", "3 []"),
    ],
    ids=["a forgotten daemon", "nothing forgotten"],
)
def test_a_daemon_that_tests_leave_is_named_and_ended(program: str, answer: str) -> None:
    supervised = subprocess.run(
        [sys.executable, "-c", SUPERVISES, program],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert supervised.stdout.strip() == answer


AHEAD = """
import os, subprocess, sys
from pathlib import Path
from tools.bootstrap import supervise
from tools.bootstrap.cluster_parts import is_ahead
sleeps = "import time; time.sleep(60)"
ahead = subprocess.Popen([sys.executable, "-c", sleeps, "-m", "tools.cluster", "ahead"])
supervise.run_supervised([sys.executable, "-c", ""], os.environ, Path.cwd())
print(supervise.end_leftovers(grace_seconds=0.2, ask=False, keep=is_ahead), ahead.poll())
ahead.kill()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux hands orphans to a subreaper")
def test_what_is_built_ahead_is_no_leftover_of_a_test() -> None:
    assert is_ahead("/venv/bin/python -m tools.cluster ahead")
    assert not is_ahead("/venv/bin/python -m tools.cluster.node /state /programs")
    supervised = subprocess.run(
        [sys.executable, "-c", AHEAD], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    assert supervised.stdout.strip() == "[] None"


def test_a_hub_reads_of_its_cluster_what_a_shell_would() -> None:
    line = "export KUBECONFIG='/a b/kubeconfig' SESSIONS_ADDRESS=10.131.2.1"
    variables = {"KUBECONFIG": "/a b/kubeconfig", "SESSIONS_ADDRESS": "10.131.2.1"}
    assert read_variables(line) == variables


def test_a_program_that_is_run_in_the_background_hears_an_interrupt_from_its_first_moment() -> None:
    program = "import signal; raise SystemExit(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)"
    supervised = subprocess.run(
        [sys.executable, "-c", SUPERVISES, program],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
        # As a shell without job control begins what it runs in the background.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    assert supervised.stdout.startswith("0 ")


def test_what_cannot_be_built_says_why_in_its_last_line(capsys: pytest.CaptureFixture[str]) -> None:
    late = time.monotonic() + 30
    program = "echo '-- building it'; echo 'error: no compiler'; exit 1"
    assert ask(["sh", "-c", program], late) == (False, "error: no compiler")
    assert capsys.readouterr().out == "-- building it\n"
    assert ask(["sh", "-c", "echo /there"], late) == (True, "/there")


def test_what_is_built_for_too_long_is_given_up() -> None:
    is_there, _said = ask(["sh", "-c", "sleep 300 & wait"], time.monotonic())
    assert not is_there


@pytest.mark.parametrize("environment", [HUB_6, HUB_5], ids=["hub 6", "hub 5"])
def test_the_installer_is_installed_as_its_lock_says(environment: Environment) -> None:
    lines = _lock_of_uv(environment).read_text().splitlines()
    locked = environment.lock.read_text().splitlines()
    first = next(number for number, line in enumerate(locked) if line.startswith("uv=="))
    assert lines == locked[first : first + len(lines)]
    assert len(lines) > 1
    assert all(line.startswith("    --hash=sha256:") for line in lines[1:])

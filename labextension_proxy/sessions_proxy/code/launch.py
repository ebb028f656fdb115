"""The program behind the door `code`: code-server, or a page in its place while it cannot run."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import IO, NoReturn

from ..children import end_with_parent
from .program import find_program, make_arguments, make_environment
from .settings import prepare_state
from .stand_in import ABSENT, Trouble, stand_in

READY_SECONDS = 50.0
POLL_SECONDS = 0.02
STEADY_SECONDS = 30.0  # a code-server that ran as long is started again without asking
STOP_SECONDS = 5.0
LINES_KEPT = 20


class Launcher:
    """Keeps code-server, or the page in its place, answering at one socket."""

    def __init__(self, public: Path, base_url: str, folder: Path) -> None:
        self.public = public
        self.base_url = base_url
        self.folder = folder
        self.process: subprocess.Popen[str] | None = None
        self.lines: deque[str] = deque(maxlen=LINES_KEPT)

    def run(self) -> NoReturn:
        """Serve until the process is ended by a signal."""
        trouble = self.try_start()
        while True:
            if trouble is not None:
                stand_in(self.public, trouble, self.try_start)
            trouble = self._serve_until_its_end()

    def try_start(self) -> Trouble | None:
        """Start code-server and wait until it answers; return why it does not, or None."""
        program = find_program()
        if program is None:
            return ABSENT
        inner = self.public.with_name("code-inner.sock")
        inner.unlink(missing_ok=True)
        try:
            self._start(program, inner)
        except OSError as error:
            return Trouble(f"VS Code could not start: {error.strerror or error}.")
        if self._answers(inner):
            self._publish(inner)
            return None
        self.stop()
        return Trouble("VS Code could not start.", tuple(self.lines))

    def stop(self) -> None:
        """End code-server, by force what of it does not end by itself."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def _publish(self, inner: Path) -> None:
        """Let the door lead to code-server, at once in place of whatever answered there before.

        Its socket keeps its own name: code-server looks for it once more after it listens.
        """
        link = self.public.with_name("code.new")
        link.unlink(missing_ok=True)
        link.symlink_to(inner.name)
        link.replace(self.public)

    def _start(self, program: str, inner: Path) -> None:
        state = prepare_state(self.folder)
        arguments = make_arguments(
            socket=inner, base_url=self.base_url, folder=self.folder, state=state
        )
        self.lines.clear()
        self.process = subprocess.Popen(
            [program, *arguments],
            env=make_environment(os.environ),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            process_group=0,
            preexec_fn=end_with_parent,  # noqa: PLW1509  threads here only ever copy lines
        )
        assert self.process.stdout is not None  # noqa: S101  it is a pipe
        threading.Thread(
            target=_copy_lines, args=(self.process.stdout, self.lines), daemon=True
        ).start()

    def _answers(self, inner: Path) -> bool:
        assert self.process is not None  # noqa: S101  it was just started
        give_up = time.monotonic() + READY_SECONDS
        while self.process.poll() is None and time.monotonic() < give_up:
            if _accepts(inner):
                return True
            time.sleep(POLL_SECONDS)
        return False

    def _serve_until_its_end(self) -> Trouble | None:
        """Wait for code-server's end; start it again if it had been steady, else return why not."""
        assert self.process is not None  # noqa: S101  it was started before
        began = time.monotonic()
        code = self.process.wait()
        _say(f"code-server ended: exit_code={code}")
        if time.monotonic() - began >= STEADY_SECONDS:
            return self.try_start()
        return Trouble("VS Code has ended.", tuple(self.lines))


def _accepts(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as peer:
        try:
            peer.connect(str(path))
        except OSError:
            return False
        return True


def _copy_lines(output: IO[str], kept: deque[str]) -> None:
    for line in output:
        kept.append(line.rstrip("\n"))
        _say(f"code-server: {line.rstrip()}")


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def main() -> NoReturn:
    """Run the door's program until it is ended."""
    parser = argparse.ArgumentParser(prog="sessions_proxy.code.launch")
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--base-url", required=True)
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    launcher = Launcher(options.socket, options.base_url, options.folder)

    os.umask(0o077)
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, _end)
    end_with_parent()
    try:
        launcher.run()
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        launcher.stop()


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)


if __name__ == "__main__":
    main()

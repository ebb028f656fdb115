"""Runs a program for a step: output in a log, signs of life, a sentence on failure."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from .places import LOGS
from .steps import Trouble, say

SIGN_OF_LIFE_SECONDS = 15
LINES_SHOWN = 30
OFFLINE = re.compile(
    r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|NewConnectionError"
    r"|name resolution|Could not resolve|Network is unreachable|Connection refused"
    r"|ERR_SOCKET_TIMEOUT"
)


def run(
    argv: Sequence[object],
    *,
    log: str,
    doing: str,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> None:
    """Run a program to its end and keep what it prints in `.build/logs/<log>.log`.

    Raises:
        Trouble: when it is missing or fails; with its last lines, and "offline" said as such.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    file = LOGS / f"{log}.log"
    with file.open("wb") as output:
        try:
            process = subprocess.Popen(
                [str(part) for part in argv],
                cwd=cwd,
                env={**os.environ, **env} if env else None,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        except FileNotFoundError as missing:
            raise Trouble(f"{doing} needs {argv[0]}, which is not installed.") from missing
        code = _wait(process, doing)
    if code:
        raise Trouble(_why(file, doing, code))


def _wait(process: subprocess.Popen[bytes], doing: str) -> int:
    began = time.monotonic()
    try:
        while True:
            try:
                return process.wait(timeout=SIGN_OF_LIFE_SECONDS)
            except subprocess.TimeoutExpired:
                say(f"  still {doing} ({time.monotonic() - began:.0f} s)")
    except BaseException:
        process.terminate()
        process.wait()
        raise


def _why(file: Path, doing: str, code: int) -> str:
    text = file.read_text(errors="replace")
    last = "\n".join("    " + line for line in text.splitlines()[-LINES_SHOWN:])
    if OFFLINE.search(text):
        advice = (
            "A package registry could not be reached: check the network or its proxy settings, "
            "then run the same command again; what is done stays done."
        )
    else:
        advice = f"All of its output is in {file}."
    return f"{doing} failed (exit code {code}). {advice}\n{last}"

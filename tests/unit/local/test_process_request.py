"""Requests as lines, logs' tails, and what may be forked."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from sessions_spawner.local.launch_channel import log_tail
from sessions_spawner.local.passed_socket import is_forkable
from sessions_spawner.local.process_request import (
    LaunchError,
    ProcessRequest,
    decode_request,
    encode_request,
)
from sessions_spawner.local.starting import minimal_environment

REQUEST = ProcessRequest(
    key="s1:1",
    argv=("--debug",),
    env={"NAME": "ü\n\0"},
    cwd="/",
    log_path="/dev/null",
    executable=("/usr/bin/python3", "-c", "x"),
    memory_bytes=1 << 30,
    cpu_cores=0.5,
)


@pytest.mark.parametrize(
    "request_", [REQUEST, dataclasses.replace(REQUEST, executable=None, user="anna")]
)
def test_a_request_survives_its_line(request_: ProcessRequest) -> None:
    line = encode_request(request_, "nonce")

    assert line.count(b"\n") == 1
    assert decode_request(line) == (request_, "nonce")


def test_a_request_that_is_too_large_is_refused() -> None:
    with pytest.raises(LaunchError, match="too large"):
        encode_request(dataclasses.replace(REQUEST, env={"X": "x" * (4 << 20)}), "nonce")


def test_values_of_variables_are_not_in_a_request_s_text() -> None:
    request = dataclasses.replace(REQUEST, env={"TOKEN": "canary"})
    assert "canary" not in repr(request)


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"{}", b'{"nonce": "x"}'])
def test_a_broken_line_is_an_error_that_the_keeper_knows(line: bytes) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        decode_request(line)


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({}, True),
        ({"JUPYTERHUB_SINGLEUSER_EXTENSION": "1"}, True),
        ({"JUPYTERHUB_SINGLEUSER_EXTENSION": "0"}, False),
        ({"JUPYTERHUB_SINGLEUSER_APP": "jupyter-server"}, True),
        ({"JUPYTERHUB_SINGLEUSER_APP": "notebook"}, False),
    ],
)
def test_only_the_default_server_can_be_forked(env: dict[str, str], expected: bool) -> None:
    assert is_forkable(env) is expected


def test_a_log_s_tail_is_its_last_lines(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"first\n" + b"x" * 20_000 + b"\n\xff last\n")

    tail = log_tail(path)

    assert tail.endswith("\n\ufffd last")
    assert "first" not in tail
    assert log_tail(tmp_path / "none") == ""


def test_a_fork_server_s_environment_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "canary")
    monkeypatch.setenv("PATH", "/usr/bin")

    environment = minimal_environment()

    assert environment["PATH"] == "/usr/bin"
    assert environment["HOME"] == "/nonexistent"
    assert "canary" not in environment.values()

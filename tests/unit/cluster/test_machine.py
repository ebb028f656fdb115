"""Which machines can hold a cluster, and with which Go its programs are built."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.support.parts import require
from tools.bootstrap.steps import Trouble
from tools.cluster import go
from tools.cluster.cluster import ClusterError, begin, why_impossible
from tools.cluster.programs import NEEDED, ON_DEMAND, SOURCES, ensure_module


def write_program(folder: Path, name: str, script: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def test_a_person_without_root_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert why_impossible().startswith("A cluster needs root")
    with pytest.raises(ClusterError, match="A cluster needs root"):
        begin(tmp_path / "cluster", tmp_path)
    assert not (tmp_path / "cluster").exists()


def test_another_system_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert why_impossible() == "A cluster needs Linux."


def test_a_machine_that_refuses_namespaces_says_what_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    write_program(tmp_path, "unshare", "echo 'unshare failed: Not permitted' >&2; exit 1")
    assert why_impossible().endswith("refused here: unshare failed: Not permitted.")
    write_program(tmp_path, "unshare", "exit 0")
    assert why_impossible() == ""


def test_tests_of_a_cluster_are_skipped_under_ci_too_where_there_can_be_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.delenv("SESSIONS_CLUSTER_PROGRAMS", raising=False)
    monkeypatch.setenv("SESSIONS_NO_CLUSTER", "A cluster needs root.")
    with pytest.raises(pytest.skip.Exception, match=r"A cluster needs root\."):
        require("a cluster's programs")
    monkeypatch.delenv("SESSIONS_NO_CLUSTER")
    with pytest.raises(pytest.fail.Exception, match="under CI nothing may be missing"):
        require("a cluster's programs")


@pytest.mark.parametrize(
    ("version", "is_enough"), [("go1.26", True), ("go1.27.1", True), ("go1.19.8", False)]
)
def test_a_go_that_is_new_enough_is_used(tmp_path: Path, version: str, is_enough: bool) -> None:
    write_program(tmp_path, "go", f"echo {version}")
    assert go.is_enough(str(tmp_path / "go")) is is_enough


def test_every_module_is_built_by_its_name_alone() -> None:
    named = {module.name for module in (*NEEDED, *ON_DEMAND)}
    assert named == {path.parent.name for path in SOURCES.glob("*/go.mod")}


def test_a_module_that_is_not_there_is_told_by_those_that_are() -> None:
    with pytest.raises(Trouble, match=r"There is no module kwack: choose from .*kwok"):
        ensure_module("kwack")

"""The link's secret is made once, closed to others, and proven without being sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from sessions_spawner.wire.secret import (
    SECRET_BYTES,
    BadSecret,
    ensure_secret,
    is_proof,
    prove,
    read_secret,
)

SECRET = b"s" * SECRET_BYTES


def test_a_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "link.secret"
    made = ensure_secret(path)
    assert len(made) == SECRET_BYTES
    assert path.stat().st_mode & 0o777 == 0o600
    assert ensure_secret(path) == read_secret(path) == made
    assert ensure_secret(tmp_path / "other") != made


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_secret_that_is_open_to_others_is_not_used(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "link.secret"
    ensure_secret(path)
    path.chmod(mode)
    for use in (read_secret, ensure_secret):
        with pytest.raises(BadSecret, match="chmod 600"):
            use(path)


@pytest.mark.parametrize("length", [0, SECRET_BYTES - 1, SECRET_BYTES + 1])
def test_a_secret_of_another_length_is_not_used(tmp_path: Path, length: int) -> None:
    path = tmp_path / "link.secret"
    path.write_bytes(b"x" * length)
    path.chmod(0o600)
    with pytest.raises(BadSecret, match=f"must have {SECRET_BYTES} bytes: remove"):
        ensure_secret(path)


def test_a_secret_behind_a_symbolic_link_is_not_used(tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    ensure_secret(target)
    path = tmp_path / "link.secret"
    path.symlink_to(target)
    for use in (read_secret, ensure_secret):
        with pytest.raises(BadSecret, match="cannot be read"):
            use(path)


def test_a_missing_secret_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadSecret, match=r"cannot be read: No such file or directory\."):
        read_secret(tmp_path / "link.secret")


def test_a_proof_holds_for_its_secret_its_side_and_its_nonces_only() -> None:
    proof = prove(SECRET, "hub", b"a", b"b")
    assert is_proof(SECRET, proof, "hub", b"a", b"b")
    assert not is_proof(b"t" * SECRET_BYTES, proof, "hub", b"a", b"b")
    assert not is_proof(SECRET, proof, "service", b"a", b"b")
    assert not is_proof(SECRET, proof, "hub", b"b", b"a")
    assert not is_proof(SECRET, proof, "hub", b"ab", b"")


@pytest.mark.parametrize("proof", [None, 5, b"x", "", "é", "\ud800", [], {}])
def test_what_is_no_proof_is_none(proof: object) -> None:
    assert not is_proof(SECRET, proof, "hub", b"a", b"b")

"""The seal takes keys as the hub does, and opens what any of them has closed."""

from __future__ import annotations

import base64
import secrets

import pytest

from sessions_service.db.seal import CannotOpen, Seal, WrongKey

RAW = secrets.token_bytes(32)
KEYS = {
    "hex": RAW.hex(),
    "base64": base64.urlsafe_b64encode(RAW).decode(),
}


@pytest.mark.parametrize("form", KEYS)
def test_a_key_is_taken_in_each_form_that_the_hub_takes(form: str) -> None:
    closed = Seal(KEYS[form]).close({"KEY": "värde"})
    assert "värde" not in closed
    assert Seal(RAW.hex()).open(closed) == {"KEY": "värde"}


def test_without_a_key_nothing_is_sealed_or_opened() -> None:
    assert not Seal().is_on
    assert not Seal(" ; ").is_on
    with pytest.raises(ValueError, match="no key"):
        Seal().close({})
    with pytest.raises(CannotOpen):
        Seal().open(Seal(RAW.hex()).close({}))


def test_the_first_key_seals_and_every_key_opens() -> None:
    old, new = secrets.token_hex(32), secrets.token_hex(32)
    closed = Seal(old).close("x")
    both = Seal(f"{new};{old}")
    assert both.open(closed) == "x"
    assert Seal(new).open(both.close("y")) == "y"
    with pytest.raises(CannotOpen):
        Seal(new).open(closed)


@pytest.mark.parametrize("what", ["", "gAAAA", "{}", "ü", None, 7, {"a": 1}])
def test_what_was_never_sealed_cannot_be_opened(what: object) -> None:
    with pytest.raises(CannotOpen):
        Seal(RAW.hex()).open(what)


@pytest.mark.parametrize("key", ["word", "x" * 64, f"{'0' * 64};short", "ü" * 44])
def test_a_key_that_is_none_is_refused_and_not_said(key: str) -> None:
    with pytest.raises(WrongKey) as refused:
        Seal(key)
    assert key not in str(refused.value)
    assert "32 bytes" in str(refused.value)

"""The keys with which the hub keeps auth state reach the service, and nobody else."""

from __future__ import annotations

import base64
import secrets
from pathlib import Path

import pytest
from traitlets.config import Config

from sessions_service.db.seal import KEY_VARIABLE, Seal
from sessions_service.hub import configure
from sessions_service.hub.configure import ConfigureError, sealing_keys

OLD, NEW = secrets.token_bytes(32), secrets.token_bytes(32)


def test_the_hubs_keys_are_given_in_the_services_environment_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, f"{NEW.hex()};{base64.urlsafe_b64encode(OLD).decode()}")
    c = Config()
    configure(c, state=tmp_path / "state", port=4711)
    (service,) = c.JupyterHub.services
    given = service.pop("environment")
    assert given == {KEY_VARIABLE: f"{NEW.hex()};{OLD.hex()}"}
    assert NEW.hex() not in repr(c)
    assert Seal(given[KEY_VARIABLE]).open(Seal(OLD.hex()).close("x")) == "x"


def test_keys_of_the_configuration_file_count_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    c = Config()
    assert sealing_keys(c) == ""
    c.CryptKeeper.keys = [OLD]
    assert sealing_keys(c) == OLD.hex()


def test_a_hub_without_a_key_gives_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    c = Config()
    configure(c, state=tmp_path / "state", port=4711)
    assert "environment" not in c.JupyterHub.services[0]


def test_a_key_that_is_none_is_refused_and_not_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "guess-me")
    with pytest.raises(ConfigureError, match="32 bytes") as refused:
        sealing_keys(Config())
    assert "guess-me" not in str(refused.value)

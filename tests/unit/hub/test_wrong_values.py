"""Ports and settings that cannot be are refused with a sentence, before the hub serves anybody."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from traitlets.config import Config

from sessions_service.hub import configure, keep_port
from sessions_service.hub.configure import ConfigureError, wrong


def test_the_service_keeps_its_port_over_restarts(tmp_path: Path) -> None:
    path = tmp_path / "port"
    port = keep_port(path)
    assert keep_port(path) == port
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for text in ("not a port", "-1", "0", "65536", "99999999999"):
        path.write_text(text)
        kept = keep_port(path)
        assert 1024 <= kept <= 65_535
        assert path.read_text() == str(kept)


@pytest.mark.parametrize("port", [-1, 0, 65_536, "8081", True])
def test_a_port_that_cannot_be_is_refused(tmp_path: Path, port: Any) -> None:
    with pytest.raises(ConfigureError, match="choose a port from 1 to 65535"):
        configure(Config(), state=tmp_path / "state", port=port)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("presets", [[0, 900], [59], [-2], []])
def test_idle_timeouts_that_no_session_can_have_are_refused(presets: list[int]) -> None:
    c = Config()
    assert wrong(c) == []
    c.IdleTimeouts.presets = presets
    (sentence,) = wrong(c)
    assert sentence == (
        f"c.IdleTimeouts.presets = {presets!r}: list at least one idle timeout, each of 60 seconds "
        "or more, or -1 for never."
    )


def test_every_setting_that_cannot_be_is_named() -> None:
    c = Config()
    c.SessionLimits.memory = "much"
    c.IdleTimeouts.default_seconds = 30
    c.SessionsLink.hub_calls = "ten"
    found = " ".join(wrong(c))
    assert all(name in found for name in ("memory", "default_seconds", "hub_calls"))


@pytest.mark.parametrize(
    ("section", "name", "value", "said"),
    [
        ("SessionOffers", "secrets", {"UPPER": {}}, "has to be called like a Kubernetes name"),
        ("SessionOffers", "gpu", {"resource": "gpu"}, "such as nvidia.com/gpu"),
        ("SessionOffers", "images", ["*"], "write it like registry.example.org/team/*"),
        ("SessionOffers", "cloud_sql", {"p:r:i": {"service_account": "a"}}, "offer it there too"),
        ("PodRules", "version", "1.34", "write latest, or one like v1.34"),
        ("PodRules", "allow", ["spec.containerz"], "can never match"),
        ("PodRules", "allow", ["metadata.name"], "this belongs to the session itself"),
        ("PodRules", "cap", {"spec.hostname": 1}, "only quantities and numbers have a bound"),
    ],
)
def test_offers_and_rules_that_can_do_nothing_are_refused(
    section: str, name: str, value: Any, said: str
) -> None:
    c = Config({section: {name: value}})
    (sentence,) = wrong(c)
    assert sentence.startswith(f"c.{section}")
    assert said in sentence

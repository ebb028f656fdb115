"""The state folder and the link: closed to others, and to whoever does not know the secret."""

from __future__ import annotations

import asyncio
import contextlib
import json
import stat
from pathlib import Path

import pytest

from sessions_spawner.wire.channel import NotProven, meet_as_hub
from tests.support.product import Product


def paths_of_ours(product: Product) -> list[Path]:
    """Return the state folder with all in it but what people keep on their drives."""
    drives = product.state / "drives"
    others = [path for path in product.state.rglob("*") if not path.is_relative_to(drives)]
    return [product.state, drives, *drives.iterdir(), *others]


def test_everything_in_the_state_folder_is_closed_to_others(product: Product) -> None:
    product.running()
    found = []
    for path in paths_of_ours(product):
        mode = path.lstat().st_mode
        wanted = 0o700 if stat.S_ISDIR(mode) else 0o600
        if stat.S_IMODE(mode) != wanted:
            found.append(f"{path.relative_to(product.state)} {stat.filemode(mode)}")
    assert found == []


@pytest.mark.parametrize("secret", [b"\0" * 32, b"", b"guessed"])
async def test_the_link_refuses_whoever_does_not_know_the_secret(
    product: Product, secret: bytes
) -> None:
    reader, writer = await asyncio.open_unix_connection(str(product.state / "link" / "link.sock"))
    try:
        with pytest.raises(NotProven):
            await meet_as_hub(reader, writer, secret)
        assert await reader.read() == b""
    finally:
        writer.close()
    assert "link.refused reason=The other end does not know the secret." in product.log()


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"not json\n",
        b"[]\n",
        b'{"nonce": 7, "versions": 7, "proof": 7}\n',
        b'{"nonce": "x", "versions": [99], "proof": "x"}\n',
        b'{"ask": 1, "what": "reports", "body": {"reports": []}}\n',
        b"x" * 100_000 + b"\n",
    ],
    ids=["nothing", "no JSON", "a list", "wrong types", "another version", "a report", "long"],
)
async def test_the_link_takes_nothing_from_a_stranger_and_goes_on(
    product: Product, line: bytes
) -> None:
    session = await asyncio.to_thread(product.running)
    reader, writer = await asyncio.open_unix_connection(str(product.state / "link" / "link.sock"))
    hello = json.loads(await reader.readline())
    assert set(hello) == {"nonce", "versions"}
    writer.write(line)
    report = {"id": session["id"], "generation": 1, "kind": "ended", "exit_code": 0}
    forged = {"ask": 2, "what": "reports", "body": {"reports": [report]}}
    writer.write(json.dumps(forged).encode() + b"\n")
    with contextlib.suppress(ConnectionError):
        assert await reader.read() == b""
    writer.close()
    assert (await asyncio.to_thread(product.get, session["id"]))["state"] == "running"
    await asyncio.to_thread(
        product.api, "PATCH", f"sessions/{session['id']}",
        {"version": session["version"], "name": "still there"}, expect=200,
    )  # fmt: skip

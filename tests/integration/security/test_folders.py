"""Folders of people with names alike, and an unsafe hub that does not start."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.inside import call_lab
from tests.support.product import Product


@pytest.mark.hub5
def test_owners_with_names_alike_have_folders_of_their_own(product: Product) -> None:
    folders = {}
    for owner in ("a.b", "a-b", "a_b"):
        session = product.running(user=owner)
        body = {"type": "file", "format": "text", "content": owner}
        assert call_lab(product, session, "PUT", "api/contents/mine", body).status_code == 201
        folders[owner] = product.state / "drives" / session["drive_id"]
    assert len(set(folders.values())) == len(folders)
    for owner, folder in folders.items():
        assert (folder / "mine").read_text() == owner


@pytest.mark.hub5
def test_a_name_in_capitals_is_the_same_person_or_another_one_with_another_folder(
    product: Product,
) -> None:
    drives = {}
    for typed in ("capital", "Capital"):
        session = product.running(user=typed)
        drives[session["owner"]] = session["drive_id"]
    assert len(set(drives.values())) == len(drives)
    theirs = next(iter(drives.values()))
    stranger = product.new_user()
    body = {"environment": "python", "idle_timeout": 900}
    texts = {
        product.api(
            "POST", "sessions", {**body, "drive": drive}, user=stranger, expect=422
        ).text.replace(drive, "…")
        for drive in (theirs, "daaaaaaaaaaa", "default-of-capital")
    }
    assert len({text.partition('"id"')[0] for text in texts}) == 1


@pytest.mark.needs("configurable-http-proxy")
@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("c.JupyterHub.bind_url = 'http://0.0.0.0:{port}'", "served on this machine only"),
        ("c.JupyterHub.hub_ip = '0.0.0.0'", "hub_ip reaches beyond this machine"),
    ],
)
def test_a_wide_bind_with_one_system_user_refuses_to_start(
    tmp_path: Path, line: str, sentence: str
) -> None:
    product = Product(tmp_path, extra=line.format(port=1))
    try:
        with pytest.raises(AssertionError, match=sentence):
            product.start()
    finally:
        product.close()

"""(b) of the page's acceptance whole: a new drive, a secret, two ports and two hours."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acceptance.hands import Hand, Keyboard, Mouse
from tests.browser.conftest import OpenPage
from tests.support.kubectl import Kubectl
from tests.support.product import Product

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module", autouse=True)
def secret(cluster: Kubectl, sessions_namespace: str) -> Iterator[None]:
    """Have the secret that the administrator offers."""
    pods = cluster.within(sessions_namespace)
    made = {"kind": "Secret", "apiVersion": "v1", "metadata": {"name": "warehouse"}}
    pods.create({**made, "stringData": {"password": "word"}})
    yield
    pods("delete", "secret/warehouse")


@pytest.mark.parametrize("kind", [Mouse, Keyboard], ids=["mouse", "keyboard"])
def test_a_session_starts_with_a_new_drive_a_secret_two_ports_and_two_hours(
    open_page: OpenPage, product: Product, pods: Kubectl, kind: Callable[[Page], Hand]
) -> None:
    hand = kind(open_page())
    page, name = hand.page, f"by-{kind.__name__.lower()}"
    hand.press(page.get_by_role("button", name="New session", exact=True).first)
    form = page.get_by_role("dialog", name="New session")
    hand.untick(form.get_by_role("checkbox", name="Open JupyterLab when ready"))
    hand.type(form.get_by_label("Name (optional)"), name)
    hand.tick(form.get_by_role("radio", name="2 h", exact=True))
    drive = form.get_by_role("combobox", name="Drive", exact=True)
    hand.type(drive, f"drive-{name}")
    hand.pick(drive, form.get_by_role("option", name=f"Create drive ‘drive-{name}’"))
    expect(form.get_by_role("region", name="Summary")).to_contain_text(
        f"Drive: drive-{name}", timeout=20_000
    )
    hand.press(form.get_by_role("tab", name=re.compile("^Advanced")))
    hand.tick(form.get_by_role("checkbox", name="warehouse"))
    for number, (port, of) in enumerate((("8080", "api"), ("9000", "ui")), start=1):
        hand.press(form.get_by_role("button", name="Add a port"))
        hand.type(form.get_by_label(f"Number of port {number}"), port)
        hand.type(form.get_by_label(f"Name of port {number}"), of)
    hand.press(form.get_by_role("button", name="Create session"))
    expect(form).to_have_count(0, timeout=20_000)
    row = page.get_by_role("row", name=name)
    expect(row).to_contain_text("in progress", timeout=90_000)
    found = product.api("GET", f"sessions?q={name}").json()["items"]
    (session,) = (one for one in found if one["name"] == name)
    assert (session["drive"], session["idle_timeout"]) == (f"drive-{name}", 7200)
    assert [one["name"] for one in session["secrets"]] == ["warehouse"]
    assert [(one["number"], one["name"]) for one in session["ports"]] == [
        (8080, "api"),
        (9000, "ui"),
    ]
    assert pods.namespace

"""A real Chromium and a product of its own for the tests of the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, cast

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    StorageState,
    expect,
    sync_playwright,
)

from tests.support import gallery
from tests.support.parts import find_chromium, require
from tests.support.product import Product, running_product

ARTEFACTS: Final = Path(__file__).resolve().parents[2] / "test-artefacts"
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE: Final = (1280, 800)
# In milliseconds: sessions start and stop, while the machine may have much else to do.
PATIENCE: Final = 30_000
# Few sessions reach the limit; VS Code is there when the machine has it; one environment's start
# waits, as one for which the cluster has no room.
SETTINGS: Final = """
from sessions_spawner import hub_process
from sessions_spawner.local.spawner import LocalSessionSpawner
from sessions_spawner.run import Failure
from sessions_spawner.wire.messages import Seen, SeenContainer, SeenEvent

class WaitingSpawner(LocalSessionSpawner):
    async def realise(self, run, plan):
        if run.request.environment == "waits":
            self.tell_wait(Failure("unschedulable", words={"size": "8 CPU"}))
        if run.request.environment == "shows":
            self._enter("fetching the image")
            hub_process.current().link.tell_seen(
                Seen(id=run.id, generation=run.generation, **self.seen())
            )
        return await super().realise(run, plan)

    def seen(self):
        if self.run is None or self.run.request.environment != "shows":
            return {}
        pulling = SeenEvent(reason="Pulling", message="lab:1 (4.1 GiB)")
        return {"events": (pulling,), "containers": (
            SeenContainer(name="notebook", state="waiting", reason="ContainerCreating"),
            SeenContainer(name="proxy", state="running", ready=True),
        )}

c.JupyterHub.spawner_class = WaitingSpawner
c.LocalSessionSpawner.code_server = os.environ.get("SESSIONS_CODE_SERVER", "")
c.SessionLimits.running = 4
c.SessionOffers.billing_projects = {
    "ml-q4": {"title": "Machine learning, fourth quarter", "description": "Of the ML group"},
    "closed": {"groups": ["nobody"]}}
c.SessionsLink.reconcile_seconds = 5
c.LocalSessionSpawner.stop_grace_seconds = 2.0
c.LocalSessionSpawner.poll_interval = 2
c.LocalSessionSpawner.profile_list.append(
    {"display_name": "Prints much", "slug": "wordy",
     "local_override": {"executable": [sys.executable, "-c",
         "print(*['line'] * 60, 'the very last line', sep=chr(10)); raise SystemExit(3)"]}})
c.LocalSessionSpawner.profile_list.append(
    {"display_name": "Waits for room", "slug": "waits",
     "local_override": {"executable": [sys.executable, "-c", "import time; time.sleep(600)"]}})
c.LocalSessionSpawner.profile_list.append(
    {"display_name": "Shows more", "slug": "shows",
     "local_override": {"executable": [sys.executable, "-c", "import time; time.sleep(600)"]}})
c.LocalSessionSpawner.profile_list.append(
    {"display_name": "Sized", "slug": "sized",
     "profile_options": {"size": {"display_name": "Size", "choices": {
         "s": {"display_name": "small", "default": True}, "m": {"display_name": "middle"}}}}})
# Its texts and its last lines are the worst that an administrator or a program may say.
c.LocalSessionSpawner.profile_list.append(
    {"display_name": "<b onclick=alert(2)>Bold</b>", "slug": "hostile",
     "description": "<img src=x onerror=alert(3)>",
     "local_override": {"executable": [sys.executable, "-c",
         "import sys; print('</pre><script>alert(4)</script> a\\\\u202eb'); sys.exit(3)"]}})
"""

OpenPage = Callable[..., Page]


@pytest.fixture(autouse=True)
def patience() -> None:
    """Wait longer for what a page shows than Playwright does by itself."""
    expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def shared_product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Give the product that all tests of the page share; ask for `product`."""
    require("configurable-http-proxy")
    with running_product(tmp_path_factory.mktemp("page"), extra=SETTINGS) as product:
        yield product


@pytest.fixture
def product(shared_product: Product) -> Iterator[Product]:
    """Give the running product; afterwards its sessions are stopped, and everything agrees."""
    yield shared_product
    shared_product.rest()


@pytest.fixture(scope="session")
def gallery_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of the gallery, built once a run."""
    require("the page's packages")
    with gallery.served(tmp_path_factory.mktemp("gallery")) as address:
        yield address


# One a module: Playwright keeps its event loop, which asynchronous tests of other folders need.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Give a Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def sign_ins() -> dict[str, StorageState]:
    """Give the cookies of everybody who has signed in so far."""
    return {}


@pytest.fixture
def open_page(
    request: pytest.FixtureRequest,
    chromium: Browser,
    product: Product,
    sign_ins: dict[str, StorageState],
) -> Iterator[OpenPage]:
    """Give the function that opens the Sessions page as somebody, at a path, in a window.

    After a test that failed, a picture of each page lies in `test-artefacts/`.
    """
    contexts: list[BrowserContext] = []

    def open_one(
        path: str = "",
        *,
        user: str = product.user,
        size: tuple[int, int] = WIDE,
        theme: str = "light",
        wait: bool = True,
    ) -> Page:
        width, height = size
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=cast("Any", theme),
            storage_state=sign_ins.get(user),
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        if user not in sign_ins:
            sign_in(page, product, user)
            sign_ins[user] = context.storage_state()
        page.goto(product.base + path)
        if wait:
            page.get_by_role("heading", level=1).wait_for()
        return page

    failed_before = request.session.testsfailed
    yield open_one
    if request.session.testsfailed > failed_before:
        keep_pictures(request.node.name, contexts)
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """Give the Sessions page of `product.user`, in a wide window."""
    return open_page()


def sign_in(page: Page, product: Product, user: str) -> None:
    """Sign in at the hub as people do."""
    page.goto(f"{product.url}/hub/login")
    page.get_by_label("Username").fill(user)
    page.get_by_label("Password").fill(product.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile(r"/(hub/home|services/sessions|hub/spawn|user)"))


def keep_pictures(name: str, contexts: list[BrowserContext]) -> None:
    """Keep a picture of every open page."""
    ARTEFACTS.mkdir(exist_ok=True)
    plain = re.sub(r"[^\w.-]+", "-", name)
    pages = [page for context in contexts for page in context.pages]
    for number, page in enumerate(pages):
        page.screenshot(path=ARTEFACTS / f"{plain}-{number}.png")

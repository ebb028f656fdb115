"""YAML of one's own on the page: completed, refused by its line, compared, checked, made."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Locator, Page, Request, expect

from tests.browser.conftest import OpenPage
from tests.cluster.sessions import pod_of
from tests.support.kubectl import Kubectl
from tests.support.product import Product

from .conftest import PATIENCE

pytestmark = pytest.mark.timeout(300)

FINE = """\
spec:
  containers:
  - name: notebook
    env:
    - name: MY_MODE
      value: fast
    resources:
      limits: {memory: 1Gi}
"""
REFUSED = FINE.replace(
    "    resources:\n", "    securityContext:\n      privileged: true\n    resources:\n"
)


def form_of(page: Page) -> Locator:
    """Return the dialog of the form, ready, without the tab that would open JupyterLab."""
    form = page.get_by_role("dialog", name="New session")
    form.get_by_label("Name (optional)").wait_for(timeout=PATIENCE)
    form.get_by_role("checkbox", name="Open JupyterLab when ready").uncheck()
    return form


def write(page: Page, editor: Locator, text: str) -> None:
    """Put a text into the editor instead of what is there.

    Chromium keeps the style of what is typed over, in an attribute that the page's policy refuses.
    """
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)


class Watched:
    """A page on which nothing may be refused by its policy but what axe itself tries."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.refused: list[str] = []
        page.on("console", self._note)

    def _note(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.refused.append(message.text)

    def require_clean(self) -> None:
        """Find nothing that was refused so far, and nothing that axe finds wrong."""
        assert self.refused == []
        found = Axe().run(self.page).response["violations"]
        assert [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found] == []
        self.page.evaluate("1")  # what axe tried has been told
        self.refused.clear()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_yaml_is_changed_compared_and_refused_by_its_line(
    open_page: OpenPage, product: Product, pods: Kubectl, theme: str
) -> None:
    page = open_page("new", theme=theme)
    watched = Watched(page)
    form = form_of(page)
    form.get_by_label("Name (optional)").fill(f"own-yaml-{theme}")
    form.get_by_role("button", name="Customise YAML…").click()
    dialog = page.get_by_role("dialog", name="Customise YAML")
    editor = dialog.get_by_test_id("yaml-editor").get_by_role("textbox", name="YAML")
    have_it_known(page, dialog, editor)
    have_it_mended(watched, dialog, editor)

    # What is written is there again when the dialog was closed without using it.
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    form.get_by_role("button", name="Customise YAML…").click()
    expect(dialog).to_contain_text("it is not used yet")
    expect(editor).to_contain_text("MY_MODE")

    # Tab leaves the editor, and the form says what its YAML does.
    editor.click()
    page.keyboard.press("Tab")
    expect(editor).not_to_be_focused()
    dialog.get_by_role("button", name="Use this YAML").click()
    expect(dialog).to_have_count(0)
    expect(form.get_by_text("YAML: ")).to_contain_text("change")
    expect(form.get_by_text("set by your YAML").first).to_be_visible()
    expect(form.get_by_role("button", name="Edit YAML")).to_be_visible()
    form.get_by_role("button", name="Create session").click()
    expect(page.get_by_role("row", name=f"own-yaml-{theme}")).to_be_visible()
    look_at_made(watched, product, f"own-yaml-{theme}")
    assert pods.namespace


def have_it_known(page: Page, dialog: Locator, editor: Locator) -> None:
    """What may be written here, and what is no YAML of a pod, is known without asking."""
    problems = dialog.get_by_role("region", name="Problems")
    write(page, editor, "spec:\n  containers:\n  - name: notebook\n    env: []\n    en")
    page.keyboard.press("Control+Space")
    expect(page.get_by_role("option", name="envFrom")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    write(page, editor, FINE + "    env: []\n")
    expect(problems).to_contain_text("The key ‘env’ is there twice; write it once.")
    write(page, editor, FINE.replace("limits", "limitz"))
    expect(problems).to_contain_text("Write ‘limits’, if you mean it.")


def have_it_mended(watched: Watched, dialog: Locator, editor: Locator) -> None:
    """The policy's word names line and rule, and one click mends it; then the cluster takes it."""
    problems = dialog.get_by_role("region", name="Problems")
    difference = dialog.get_by_role("region", name="Difference from the form’s pod")
    write(watched.page, editor, REFUSED)
    expect(problems.get_by_role("button", name="Line 8")).to_be_visible()
    expect(problems).to_contain_text("not allowed by ‘baseline’")
    problems.get_by_role("button", name="Line 8").click()
    expect(editor).to_be_focused()
    watched.require_clean()
    problems.get_by_role("button", name="Remove privileged").click()
    expect(problems).to_contain_text("No problems.")
    expect(editor).not_to_contain_text("privileged")
    expect(difference).to_contain_text("MY_MODE")
    expect(difference).to_contain_text("changes")
    dialog.get_by_role("button", name="Check").click()
    expect(problems).to_contain_text("The cluster takes this pod.")
    watched.require_clean()


def look_at_made(watched: Watched, product: Product, name: str) -> None:
    """A session's YAML is in its details, compared and to be taken along."""
    page = watched.page
    sessions = product.api("GET", "sessions").json()["items"]
    (session,) = [one for one in sessions if one["name"] == name]
    page.goto(f"{product.base}s/{session['id']}/yaml")
    details = page.get_by_role("complementary", name=f"Details of {name}")
    details.get_by_role("button", name="Difference").click(timeout=PATIENCE)
    shown = details.get_by_role("textbox", name="Difference")
    expect(shown).to_contain_text("MY_MODE")
    expect(shown).to_have_attribute("aria-readonly", "true")
    watched.require_clean()
    with page.expect_download() as download:
        details.get_by_role("button", name="Download YAML").click()
    assert "MY_MODE" in download.value.path().read_text()


def test_a_whole_pod_is_begun_with_the_default_one_and_made(
    open_page: OpenPage, product: Product, pods: Kubectl
) -> None:
    page = open_page("new?spec=1")
    form = form_of(page)
    editor = form.get_by_test_id("yaml-editor").get_by_role("textbox", name="YAML of the whole pod")
    expect(editor).to_contain_text("kind: Pod")
    pods_asked: list[str] = []
    page.on("request", lambda asked: _note_pod(asked, pods_asked))
    form.get_by_label("Name (optional)").press_sequentially("own-pod", delay=20)
    expect(form.get_by_role("region", name="Problems")).to_contain_text("No problems.")
    assert len(pods_asked) <= 2, "a pod is made once for what was typed, not for each key"
    form.get_by_role("button", name="Validate").click()
    expect(form.get_by_role("region", name="Problems")).to_contain_text(
        "The cluster takes this pod."
    )
    page.set_viewport_size({"width": 360, "height": 740})
    expect(form.get_by_text("Easier on a larger screen.")).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 800})
    form.get_by_role("button", name="Create session").click()
    expect(page.get_by_role("row", name="own-pod")).to_be_visible()
    (session,) = product.api("GET", "sessions").json()["items"]
    product.wait_state(session["id"], "running", seconds=90)
    assert pod_of(pods, session)


def _note_pod(asked: Request, bodies: list[str]) -> None:
    """Note a question for the pod of what stands in the form."""
    body = asked.post_data or ""
    if asked.url.endswith("/preview") and '"pod":true' in body:
        bodies.append(body)


def test_without_the_scope_the_button_says_why_it_is_off(
    open_page: OpenPage, pods: Kubectl
) -> None:
    form = form_of(open_page("new", user="bert"))
    button = form.get_by_role("button", name="Customise YAML…")
    expect(button).to_be_disabled()
    expect(button).to_have_accessible_description(
        "You may not customise pods; ask the administrator for the scope custom:sessions:pod-spec."
    )
    assert pods.namespace

"""Hostile text stays text, nothing is loaded from elsewhere, nothing secret is kept."""

from __future__ import annotations

import json

from playwright.sync_api import ConsoleMessage, Dialog, Route, expect

from tests.browser.conftest import OpenPage
from tests.support.product import Product

HOSTILE = "<img src=x onerror=alert(1)> {{7*7}}"


def test_a_hostile_name_is_shown_as_it_was_typed(open_page: OpenPage, product: Product) -> None:
    session = product.create(name=HOSTILE)
    page = open_page()
    alerts: list[str] = []

    def note(dialog: Dialog) -> None:
        alerts.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    expect(page.get_by_role("link", name=HOSTILE, exact=True)).to_be_visible()
    for path in (f"s/{session['id']}", f"s/{session['id']}/status", f"new?clone={session['id']}"):
        page.goto(product.base + path)
        expect(page.get_by_text(HOSTILE).first).to_be_visible()
    assert page.locator("img[src=x]").count() == 0
    assert alerts == []


def test_an_environments_texts_and_a_programs_last_words_are_text(
    open_page: OpenPage, product: Product
) -> None:
    session = product.create(environment="hostile")
    product.wait_state(session["id"], "failed")
    page = open_page("history?environment=hostile")
    alerts: list[str] = []

    def note(dialog: Dialog) -> None:
        alerts.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    title = page.get_by_text("<b onclick=alert(2)>Bold</b>", exact=True)
    expect(page.get_by_role("table").get_by_text("<b onclick=alert(2)>Bold</b>")).to_be_visible()
    page.goto(f"{product.base}s/{session['id']}/status")
    # What would turn or hide the text around it is shown as what it is.
    expect(page.get_by_text(r"</pre><script>alert(4)</script> a\u202eb")).to_be_visible()
    page.goto(product.base + "new?environment=hostile&drive=%3Ci%3Ex%3C/i%3E")
    form = page.get_by_role("dialog", name="New session")
    expect(form.get_by_text("Drive ‘<i>x</i>’ is gone")).to_be_visible()
    card = form.locator("label").filter(has=title)
    card.click()
    form.get_by_role("radiogroup", name="Environment").locator("details").last.click()
    expect(form.get_by_text("<img src=x onerror=alert(3)>")).to_be_visible()
    assert page.locator("img[src=x], i, b[onclick]").count() == 0
    assert alerts == []


def test_the_policy_is_never_broken_and_nothing_comes_from_elsewhere(
    open_page: OpenPage, product: Product
) -> None:
    session = product.running(name="strict")
    page = open_page("")
    messages: list[str] = []
    hosts: set[str] = set()

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            messages.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    for path in ("", "history", "new", f"s/{session['id']}", f"s/{session['id']}/status"):
        answer = page.goto(product.base + path)
        assert answer is not None
        policy = answer.headers["content-security-policy"]
        assert "'unsafe-inline'" not in policy
        assert "'self'" not in policy.replace("form-action 'self'", "")
        page.get_by_role("heading", level=1).wait_for()
        page.get_by_role("button", name="New session", exact=True).first.wait_for()
    page.get_by_role("button", name="Toggle dark mode").wait_for(state="attached")
    assert messages == []
    assert hosts == {product.url.removeprefix("http://")}


def test_storage_holds_no_token_and_no_value_of_a_variable(
    open_page: OpenPage, product: Product
) -> None:
    parent = product.create(name="with-variables", env={"TOP": "canary-value"})
    page = open_page(f"new?clone={parent['id']}")
    page.get_by_label("Name (optional)").fill("a-draft")
    page.get_by_role("heading", name="Clone of with-variables").wait_for()
    # A draft is written a moment after the last key, and when the page goes.
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    kept = json.dumps(page.evaluate("[{...localStorage}, {...sessionStorage}]"))
    assert "a-draft" in kept
    assert "canary-value" not in kept
    assert page.evaluate(
        "JSON.parse(document.getElementById('boot').textContent).xsrf_token"
    ) not in (kept)


def test_without_javascript_the_shell_leads_to_the_spawn_page(
    open_page: OpenPage, product: Product
) -> None:
    page = open_page()
    context = page.context.browser
    assert context is not None
    plain = context.new_context(
        java_script_enabled=False, storage_state=page.context.storage_state()
    ).new_page()
    plain.goto(product.base)
    expect(plain.get_by_role("link", name="Start a session")).to_have_attribute(
        "href", "/hub/spawn"
    )
    plain.context.close()


# The page of somebody's program on this host, which puts a worker before all of the host's pages.
_IN_BETWEEN = """
async () => {
  const made = await navigator.serviceWorker.register("/somebodys/worker.js", { scope: "/" });
  await navigator.serviceWorker.ready;
  return made.scope;
}
"""
_WORKER = "addEventListener('activate', event => event.waitUntil(clients.claim()));"


def test_a_foreign_service_worker_is_taken_off_and_told_of(
    open_page: OpenPage, product: Product
) -> None:
    page = open_page()

    def answer(route: Route) -> None:
        kind = "text/javascript" if route.request.url.endswith(".js") else "text/html"
        route.fulfill(
            body=_WORKER if kind == "text/javascript" else "<title>Somebody's</title>",
            headers={"Content-Type": kind, "Service-Worker-Allowed": "/"},
        )

    page.context.route("**/somebodys/**", answer)
    page.goto(f"{product.url}/somebodys/")
    assert page.evaluate(_IN_BETWEEN) == f"{product.url}/"

    page.goto(product.base)
    told = page.get_by_role("region", name="Notices").get_by_text("somebodys/worker.js")
    expect(told).to_contain_text("Another program stood between this page and the hub")
    assert page.evaluate("navigator.serviceWorker.controller") is None
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0

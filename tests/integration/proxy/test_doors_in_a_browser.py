"""Both doors in a real Chromium: what a person sees, types, loses and finds again."""

from __future__ import annotations

import itertools
import os
import re
import signal
import socket
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, TypeAlias

import psutil
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.support.parts import find_chromium
from tests.support.waiting import wait_for

from .session_process import TOKEN, SessionProcess, running_below

pytestmark = [pytest.mark.browser, pytest.mark.needs("chromium")]

Scheme: TypeAlias = Literal["dark", "light"]

SCHEMES: tuple[Scheme, ...] = ("dark", "light")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give one Chromium for all tests here."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        expect.set_options(timeout=20_000)
        yield chromium
        expect.set_options(timeout=5_000)
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Give a window of its own, in which a script error fails the test."""
    context = browser.new_context(viewport={"width": 1000, "height": 600})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    made = context.new_page()
    errors: list[str] = []
    made.on("pageerror", lambda error: errors.append(str(error)))
    yield made
    context.close()
    assert errors == []


def open_shell(page: Page, session: SessionProcess, name: str) -> Locator:
    """Open a shell of this name, and return its rows once it is connected."""
    page.goto(f"{session.url}bash/?shell={name}&token={TOKEN}")
    expect(page.get_by_role("status")).to_have_text("Connected")
    return page.locator(".xterm-rows")


def run(page: Page, command: str) -> None:
    """Type a command into the shell."""
    page.keyboard.type(command)
    page.keyboard.press("Enter")


def value(rows: Locator, pattern: str) -> str:
    """Wait until the shell shows the pattern, and return its last occurrence's group."""
    expect(rows).to_contain_text(re.compile(pattern))
    return str(re.findall(pattern, rows.inner_text())[-1])


def test_a_command_typed_into_the_shell_runs_and_a_reload_finds_the_same_shell(
    page: Page, plain: SessionProcess
) -> None:
    rows = open_shell(page, plain, "reload")
    expect(page).to_have_title(re.compile("^churn-model – "))
    run(page, "echo pid=$$,; echo Grüße, 日本語 🎉")
    pid = value(rows, r"pid=(\d+),")
    expect(rows).to_contain_text("Grüße, 日本語 🎉")
    page.reload()
    expect(page.get_by_role("status")).to_have_text("Connected")
    assert value(rows, r"pid=(\d+),") == pid
    run(page, "echo again=$$,")
    assert value(rows, r"again=(\d+),") == pid


def test_the_shell_follows_the_windows_size(page: Page, plain: SessionProcess) -> None:
    rows = open_shell(page, plain, "resize")

    def columns(mark: str) -> int:
        run(page, f"echo {mark}=$(tput cols),")
        return int(value(rows, rf"{mark}=(\d+),"))

    wide = columns("wide")
    page.set_viewport_size({"width": 600, "height": 400})
    expect(rows.locator("> div")).not_to_have_count(0)
    marks = (f"narrow{number}" for number in itertools.count())
    looked = lambda: (now := columns(next(marks))) < wide - 20 and now  # noqa: E731
    assert wait_for(looked, what="the shell to be narrow") > 40


def test_a_lost_connection_is_said_in_words_and_comes_back_to_the_same_shell(
    page: Page, plain: SessionProcess
) -> None:
    rows = open_shell(page, plain, "lost")
    run(page, "echo pid=$$,")
    pid = value(rows, r"pid=(\d+),")
    page.context.set_offline(True)
    expect(page.get_by_role("alert")).to_contain_text("The shell keeps running.")
    page.context.set_offline(False)
    expect(page.get_by_role("status")).to_have_text("Connected")
    expect(page.get_by_role("alert")).to_be_hidden()
    run(page, "echo again=$$,")
    assert value(rows, r"again=(\d+),") == pid


def test_a_shell_that_was_lost_with_its_program_is_not_passed_off_as_the_old_one(
    page: Page, plain: SessionProcess
) -> None:
    rows = open_shell(page, plain, "killed")
    run(page, "echo pid=$$,")
    pid = value(rows, r"pid=(\d+),")
    page.context.set_offline(True)
    expect(page.get_by_role("alert")).to_be_visible()
    os.kill(int(pid), signal.SIGKILL)
    wait_for(lambda: not psutil.pid_exists(int(pid)), what="the shell's end to be noticed")
    page.context.set_offline(False)
    expect(rows).to_contain_text("The earlier shell has ended; this is a new one.")


def test_an_ended_shell_offers_a_new_one(page: Page, plain: SessionProcess) -> None:
    rows = open_shell(page, plain, "ended")
    run(page, "exit")
    expect(page.get_by_role("alert")).to_contain_text("The shell has ended.")
    page.get_by_role("button", name="Start a new shell").click()
    expect(page.get_by_role("status")).to_have_text("Connected")
    run(page, "echo new=$$,")
    value(rows, r"new=(\d+),")


def test_a_selection_is_copied_and_pasted_by_the_usual_keys(
    page: Page, plain: SessionProcess
) -> None:
    rows = open_shell(page, plain, "paste")
    page.evaluate("text => navigator.clipboard.writeText(text)", "echo pas''ted")
    page.keyboard.press("Control+Shift+V")
    page.keyboard.press("Enter")
    expect(rows).to_contain_text("pasted")
    row = rows.locator("> div", has_text=re.compile("^pasted")).bounding_box()
    assert row is not None
    page.mouse.dblclick(row["x"] + 10, row["y"] + row["height"] / 2)
    page.keyboard.press("Control+C")
    page.wait_for_function("async () => await navigator.clipboard.readText() === 'pasted'")
    run(page, "echo slee''ping; sleep 100")
    expect(rows).to_contain_text("sleeping")
    page.keyboard.press("Control+C")
    expect(rows).to_contain_text("^C")
    run(page, "echo inter''rupted")
    expect(rows).to_contain_text("interrupted")


def test_both_colour_themes_follow_the_system_and_the_hubs_choice_wins(
    page: Page, plain: SessionProcess
) -> None:
    page.emulate_media(color_scheme="dark")
    open_shell(page, plain, "theme")
    root = page.locator("html")
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        expect(root).to_have_attribute("data-theme", scheme)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    page.evaluate("localStorage.setItem('jupyterhub-bs-theme', 'dark')")
    page.reload()
    expect(root).to_have_attribute("data-theme", "dark")


@pytest.mark.needs("code-server")
def test_vs_code_opens_the_drive_and_asks_nothing(page: Page, complete: SessionProcess) -> None:
    page.goto(f"{complete.url}code/?token={TOKEN}")
    file = page.get_by_role("treeitem", name="hello.py")
    expect(file).to_be_visible(timeout=40_000)
    file.dblclick()
    expect(page.locator(".view-lines")).to_contain_text("print('hello')")
    for asking in (".monaco-dialog-box", ".notification-toast", ".auxiliarybar:visible"):
        expect(page.locator(asking)).to_have_count(0)
    expect(page.get_by_role("treeitem", name=".sessions")).to_have_count(0)


@pytest.mark.needs("code-server")
def test_the_users_settings_lie_on_the_drive_and_win(page: Page, complete: SessionProcess) -> None:
    page.goto(f"{complete.url}code/?token={TOKEN}")
    expect(page.get_by_role("treeitem", name="hello.py")).to_be_visible(timeout=40_000)
    settings = complete.drive / ".sessions" / "vscode" / "User" / "settings.json"
    assert settings.exists()
    expect(page.locator(".part.statusbar")).to_be_visible()
    ours = settings.read_text()
    settings.write_text(ours.replace("{", '{"workbench.statusBar.visible": false,', 1))
    expect(page.locator(".part.statusbar")).to_be_hidden(timeout=40_000)
    settings.write_text(ours)


@pytest.mark.needs("code-server")
def test_the_launcher_of_jupyterlab_shows_both_doors(page: Page, complete: SessionProcess) -> None:
    page.goto(f"{complete.url}lab?token={TOKEN}")
    for title in ("VS Code", "Shell"):
        card = page.locator(".jp-LauncherCard", has_text=title)
        expect(card).to_be_visible(timeout=40_000)
        icon = card.locator("img")
        expect(icon).to_have_js_property("complete", True)
        assert icon.evaluate("one => one.naturalWidth") > 0


@pytest.mark.needs("code-server")
def test_a_program_in_vs_codes_terminal_is_busy(page: Page, complete: SessionProcess) -> None:
    page.goto(f"{complete.url}code/?token={TOKEN}")
    expect(page.get_by_role("treeitem", name="hello.py")).to_be_visible(timeout=40_000)
    page.keyboard.press("Control+Backquote")
    page.locator(".terminal-wrapper.active .xterm-screen").click(timeout=40_000)
    run(page, "dirname $(type -p python) > terminal.txt")
    wait_for((complete.drive / "terminal.txt").exists, what="the terminal's word")
    python = wait_for((complete.drive / "terminal.txt").read_text, what="the terminal's word")
    assert python.strip() == str(Path(sys.executable).parent)
    run(page, "sleep 63")
    page.wait_for_function(
        """async (url) => {
            const answer = await (await fetch(url)).json();
            return answer.used.some((one) => one.kind === "code" && one.busy);
        }""",
        arg=f"{complete.url}sessions/idle",
        polling=500,
    )
    page.keyboard.press("Control+C")


def sockets_of(pid: int) -> list[Any]:
    """Return the sockets of a process; none if it has ended meanwhile."""
    try:
        return psutil.Process(pid).net_connections("all")
    except psutil.NoSuchProcess:
        return []


@pytest.mark.needs("code-server")
def test_the_doors_listen_on_unix_sockets_that_are_closed_to_others(
    page: Page, complete: SessionProcess
) -> None:
    open_shell(page, complete, "sockets")
    page.goto(f"{complete.url}code/?token={TOKEN}")
    expect(page.get_by_role("treeitem", name="hello.py")).to_be_visible(timeout=40_000)
    found = [one for pid in running_below(complete.process.pid) for one in sockets_of(pid)]
    assert [one for one in found if one.family != socket.AF_UNIX] == []
    paths = {Path(str(one.laddr)) for one in found}
    opened = [path for path in paths if path.is_absolute() and path.is_socket()]
    assert {"shell.sock", "code-inner.sock"} <= {path.name for path in opened}
    assert [path for path in opened if path.stat().st_mode & 0o077] == []
    for door in ("shell.sock", "code.sock"):
        [path] = [folder / door for folder in complete.private_folders()]
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

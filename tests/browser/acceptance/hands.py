"""Two ways to work a page: with the mouse, and with the keyboard alone."""

from __future__ import annotations

from typing import Final, Protocol

from playwright.sync_api import Locator, Page, expect

ROUNDS: Final = 200  # more than any way on a screen takes
# What has the focus as seen from the target: the target itself, what is moved in by arrows together
# with it, or something this many stops of the Tab key away, which the page's order tells roughly.
_WHERE: Final = """target => {
    const now = document.activeElement;
    if (now === target) return ["here", 0];
    const group = target.closest("[role=tablist], [role=menu]");
    if (group?.contains(now)) return [group.getAttribute("role"), 0];
    const isSame = target.type === "radio" && now?.type === "radio" && now.name === target.name;
    if (isSame) return ["radiogroup", 0];
    const top = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document;
    const kinds = "a, button, input, select, textarea, summary, [tabindex]";
    const stops = [...top.querySelectorAll(kinds)];
    const isStop = each => each.tabIndex >= 0 && !each.disabled && each.checkVisibility();
    const isLater = (a, b) => a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING;
    const way = isLater(now, target) ? 1 : -1;
    const [from, to] = way > 0 ? [now, target] : [target, now];
    const radios = new Set();
    const between = stops.filter(each => {
        if (!isLater(from, each) || !isLater(each, to) || !isStop(each)) return false;
        if (each.type !== "radio") return true;
        return !radios.has(each.name) && Boolean(radios.add(each.name));
    });
    return ["away", way * (between.length + 1)];
}"""
_ARROWS: Final = {"tablist": "ArrowRight", "menu": "ArrowDown", "radiogroup": "ArrowDown"}


class Hand(Protocol):
    """How somebody works a page."""

    page: Page

    def press(self, target: Locator) -> None:
        """Use a button, a link, a tab, a choice of a menu."""

    def tick(self, target: Locator) -> None:
        """Choose a radio button, or tick a box."""

    def untick(self, target: Locator) -> None:
        """Take the tick off a box."""

    def type(self, target: Locator, text: str) -> None:
        """Write a text into a field, in place of what it has."""

    def choose(self, target: Locator, label: str) -> None:
        """Choose an option of a select."""

    def pick(self, field: Locator, option: Locator) -> None:
        """Take an option that a combobox offers."""


class Mouse:
    """Points and clicks; types where it has clicked."""

    def __init__(self, page: Page) -> None:
        """Work this page."""
        self.page = page

    def press(self, target: Locator) -> None:
        """Click it."""
        target.click()

    def tick(self, target: Locator) -> None:
        """Click it unless it is chosen."""
        target.check()

    def untick(self, target: Locator) -> None:
        """Click it if it is ticked."""
        target.uncheck()

    def type(self, target: Locator, text: str) -> None:
        """Click into the field and type."""
        target.click(click_count=3)
        self.page.keyboard.type(text)

    def choose(self, target: Locator, label: str) -> None:
        """Pick the option."""
        target.select_option(label=label)

    def pick(self, field: Locator, option: Locator) -> None:
        """Click the option under its field."""
        expect(field).to_be_visible()
        option.click()


class Keyboard:
    """Tab, arrows, Enter, Space and letters: nothing is ever pointed at."""

    def __init__(self, page: Page) -> None:
        """Work this page."""
        self.page = page

    def press(self, target: Locator) -> None:
        """Go there and press Enter."""
        self.reach(target)
        self.page.keyboard.press("Enter")

    def tick(self, target: Locator) -> None:
        """Go there; Space unless the arrows have chosen it."""
        self.reach(target)
        if not target.is_checked():
            self.page.keyboard.press("Space")
        expect(target).to_be_checked()

    def untick(self, target: Locator) -> None:
        """Go there; Space if it is ticked."""
        self.reach(target)
        if target.is_checked():
            self.page.keyboard.press("Space")
        expect(target).not_to_be_checked()

    def type(self, target: Locator, text: str) -> None:
        """Go there, mark all, type."""
        self.reach(target)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def choose(self, target: Locator, label: str) -> None:
        """Go there and type the first letters of the option, as selects are worked by keys."""
        self.reach(target)
        self.page.keyboard.type(label)
        chosen = target.locator("option:checked")
        expect(chosen).to_have_text(label)

    def pick(self, field: Locator, option: Locator) -> None:
        """Arrow down to the option, and Enter."""
        self.reach(field)
        for _ in range(ROUNDS):
            if field.get_attribute("aria-activedescendant") == option.get_attribute("id"):
                self.page.keyboard.press("Enter")
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"The arrows do not lead to {option}.")

    def reach(self, target: Locator) -> None:
        """Have the focus on it: Tab to its place, arrows within tabs, menus and radio buttons."""
        expect(target).to_be_visible()
        if (target.get_attribute("role") or "").startswith("menuitem"):
            expect(self.page.locator("[role=menu] :focus")).to_be_attached()
        for at in range(ROUNDS):
            where, stops = target.evaluate(_WHERE)
            if where == "here":
                return
            if where != "away":
                self.page.keyboard.press(_ARROWS[where])
            elif at < ROUNDS // 10:
                for _ in range(abs(stops)):
                    self.page.keyboard.press("Tab" if stops > 0 else "Shift+Tab")
            else:  # the order of the stops is another than it seems
                self.page.keyboard.press("Tab")
        raise AssertionError(f"The keyboard does not lead to {target}.")

"""The hub's spawn page and our own form ask for the same things, in the same words and order."""

from __future__ import annotations

import re
from pathlib import Path

from sessions_spawner.form import make_form
from sessions_spawner.form.page import say_timeout
from sessions_spawner.request.environments import read_profiles
from sessions_spawner.settings import IdleTimeouts

UI = Path(__file__).resolve().parents[3] / "hub_service" / "ui" / "src"
FIELDS = {"NameField": "name", "EnvironmentField": "environment", "IdleField": "idle",
          "DriveField": "drive"}  # fmt: skip


def words_of_our_form() -> list[str]:
    """Return the labels of our form's fields, in their order."""
    order = re.findall(r"<(\w+Field)\b", (UI / "create" / "CreateForm.tsx").read_text())
    form = (UI / "texts.ts").read_text().partition("\n  form: {\n")[2]
    said = dict(re.findall(r'^    (\w+): "([^"]*)",$', form.partition("\n  },\n")[0], re.MULTILINE))
    return [said[FIELDS[name]] for name in order]


def spawn_page() -> str:
    environments = read_profiles([{"display_name": "Python", "slug": "python"}])
    settings = IdleTimeouts()
    return make_form(
        environments, ["default", "data"], settings.presets, settings.default_seconds, "Room."
    )


def test_both_have_the_same_fields_in_the_same_words_and_order() -> None:
    words = words_of_our_form()
    assert len(words) == len(FIELDS)
    labels = re.findall(r"<(?:label|legend)[^>]*>([^<]+)<", spawn_page())
    assert [label for label in labels if label in words] == words


def test_both_offer_the_same_idle_timeouts_and_default() -> None:
    page = spawn_page()
    for seconds in IdleTimeouts().presets:
        assert re.search(rf'<option value="{seconds}"[^>]*>{say_timeout(seconds)}</option>', page)
    assert '<option value="900" selected>15 min</option>' in page
    said = [say_timeout(seconds) for seconds in IdleTimeouts().presets]
    assert said == ["15 min", "30 min", "1 h", "2 h", "12 h", "24 h", "Unlimited"]

"""The hub's spawn page and our own form ask for the same things, in the same words and order."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from sessions_spawner.form import FormTerms, keep_typed, make_form, read_typed
from sessions_spawner.form.fields import FIELDS, LIFE_UNITS
from sessions_spawner.form.page import say_timeout
from sessions_spawner.policy.facts import Facts
from sessions_spawner.request import FIELD_DEFAULTS
from sessions_spawner.request.environments import read_profiles
from sessions_spawner.request.offer_settings import read_offers
from sessions_spawner.settings import IdleTimeouts

UI = Path(__file__).resolve().parents[3] / "hub_service" / "ui" / "src"
CREATE = UI / "create"
# A field of the spawn page → its component on our form, and its words' name in `texts.ts`.
PLACES: Final = {
    "name": ("NameField", "name"),
    "environment": ("EnvironmentField", "environment"),
    "resources": ("SizeFields", "size"),
    "image": ("ImageField", "image"),
    "idle_timeout": ("IdleField", "idle"),
    "drive": ("DriveField", "drive"),
    "extra_drives": ("ExtraDrivesField", "extraDrives"),
    "cloud_sql": ("CloudSqlField", "cloudSql"),
    "secrets": ("SecretsField", "secrets"),
    "service_account": ("ServiceAccountField", "serviceAccount"),
    "billing_project": ("BillingField", "billing"),
    "ports": ("PortsField", "ports"),
    "max_lifetime": ("LifetimeField", "lifetime"),
    "env": ("VariablesField", "env"),
}
EMPTY: Final = {
    "environment": "noEnvironments",
    "cloud_sql": "noInstances",
    "secrets": "noSecrets",
    "service_account": "noAccounts",
    "billing_project": "noProjects",
}
# Words of both forms that are no field's label, help or empty state.
ELSEWHERE: Final = (
    *("cpu", "memory", "gpu", "upTo", "never", "idleLimit", "noAccount", "noProject"),
    *("rowDrive", "rowPath", "rowReadOnly", "chooseDrive", "secretAs", "unlistedField"),
    *("portNumber", "portProtocol", "portName", "udp", "udpOnly"),
    *("lifetimeNumber", "lifetimeUnit", "lifetimeLimit", "noEnvironmentCalled"),
    *("unknownField", "driveInUse"),
)


def said() -> dict[str, str]:
    """Return the texts of our form by their names; `…` stands where something is filled in."""
    form = (UI / "texts.ts").read_text().partition("\n  form: {\n")[2].partition("\n  },\n")[0]
    plain = re.findall(r'^    (\w+):\s+"([^"]*)",$', form, re.MULTILINE)
    filled = re.findall(r"^    (\w+): \([^)]*\) =>\s+`([^`]*)`,$", form, re.MULTILINE)
    return dict(plain) | {name: re.sub(r"\$\{[^}]*\}", "…", text) for name, text in filled}


def fields_of_our_form() -> list[str]:
    """Return the components of our form, in their order."""
    files = [CREATE / "GeneralFields.tsx", CREATE / "AdvancedFields.tsx"]
    # What comes first there is the form of a pod of one's own.
    shown = [file.read_text().rpartition("return (")[2] for file in files]
    return re.findall(r"<(\w+Fields?)\b", "".join(shown))


def spawn_page(*, udp: bool = False, **offered: object) -> str:
    options = {"tag": {"choices": {"a": {}}, "unlisted_choice": {"enabled": True}}}
    environments = read_profiles(
        [{"display_name": "Python", "slug": "python", "profile_options": options}]
    )
    settings = IdleTimeouts()
    facts = Facts(
        {one.name: one for one in environments},
        offers=read_offers(
            secrets={"s3": {}},
            gpu={"resource": "nvidia.com/gpu"},
            images=["registry.example.org/*"],
            udp=udp,
        ),
        rights=frozenset({"custom-image", "pod-spec"}),
        **offered,  # type: ignore[arg-type]
    )
    terms = FormTerms(
        drives={"default": "", "data": "5 GiB · in use by churn"},
        presets=settings.presets,
        default_timeout=settings.default_seconds,
        room="Room.",
    )
    return make_form(facts, terms)


def test_both_have_the_same_fields_in_the_same_order() -> None:
    there = [one.key for one in FIELDS]
    assert [PLACES[key][0] for key in there if key in PLACES] == fields_of_our_form()
    assert set(there) == {*PLACES, "pod_overrides"}


def test_both_name_and_explain_their_fields_in_the_same_words() -> None:
    words = said()
    for one in FIELDS:
        name = PLACES.get(one.key, ("", ""))[1]
        if name:
            assert one.label == words[name]
            assert one.help == words.get(f"{name}Help", "")
        if one.key in EMPTY:
            assert one.empty == words[EMPTY[one.key]]


@pytest.mark.parametrize("name", ELSEWHERE)
def test_both_say_the_rest_in_the_same_words_too(name: str) -> None:
    keep_typed(read_typed({"environment": ["x"], "evil": ["y"]}))
    page = spawn_page(idle_timeout_max=3600, cpu_max="8")
    page += spawn_page(lifetime_max=3600, udp=True)
    words = re.escape(said()[name]).replace("…", "[^<>]+")
    assert re.search(rf"[>\"\s]{words}[<\"\s]", page)


def test_the_page_shows_every_field_in_the_order_of_the_declarations() -> None:
    labels = re.findall(r"<(?:label|legend)[^>]*>([^<]+)<", spawn_page())
    expected = [one.label for one in FIELDS]
    assert [label for label in labels if label in expected] == expected


def test_every_field_of_a_request_is_on_the_form_or_comes_later() -> None:
    later = {"visibility", "collaborative"}
    elsewhere = {"choices", "pod_spec", "cloned_from"}
    there = {one.key for one in FIELDS} - {"environment"}
    assert there | later | elsewhere == set(FIELD_DEFAULTS)


def test_both_offer_the_same_idle_timeouts_and_default() -> None:
    page = spawn_page()
    for seconds in IdleTimeouts().presets:
        assert re.search(rf'<option value="{seconds}"[^>]*>{say_timeout(seconds)}</option>', page)
    assert '<option value="900" selected>15 min</option>' in page
    words = [say_timeout(seconds) for seconds in IdleTimeouts().presets]
    assert words == ["15 min", "30 min", "1 h", "2 h", "12 h", "24 h", "Unlimited"]
    assert say_timeout(5400) == "1 h 30 min"


def test_both_begin_with_the_same_values() -> None:
    page = spawn_page()
    assert re.search(r'value="python" required checked', page)
    assert '<option value="default" selected>your default</option>' in page
    assert '<option value="hours" selected>hours</option>' in page
    assert list(LIFE_UNITS) == ["minutes", "hours", "days"]
    texts = re.findall(r'<input class="form-control"[^>]* value="([^"]*)"', page)
    assert texts
    assert not any(texts)
    assert "checked" not in page.replace("required checked", "")
    assert '<details class="mb-3">' in page


@pytest.mark.parametrize(
    ("seconds", "reason"),
    [(86_400, "Your limit is 12 h."), (-1, "Unlimited is not open to you.")],
)
def test_what_is_over_the_limit_is_closed_with_the_reason(seconds: int, reason: str) -> None:
    page = spawn_page(idle_timeout_max=43_200, idle_may_be_never=False)
    assert re.search(rf'<option value="{seconds}" disabled>[^<]* – {re.escape(reason)}<', page)
    assert '<option value="43200">12 h</option>' in page

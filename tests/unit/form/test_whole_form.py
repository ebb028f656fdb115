"""Everything that the spawn page's form sends becomes a launch request, and is shown again."""

from __future__ import annotations

import asyncio
import re

import pytest

from sessions_spawner.form import (
    FormError,
    FormTerms,
    Place,
    Typed,
    Unfinished,
    keep_typed,
    make_form,
    new_drive_in,
    read_form,
    read_link,
    read_typed,
    take_typed,
    typed_here,
)
from sessions_spawner.policy.facts import Facts
from sessions_spawner.request import parse_request
from sessions_spawner.request.environments import read_profiles
from sessions_spawner.request.offer_settings import read_offers

ENVIRONMENTS = read_profiles([{"display_name": "Python"}, {"display_name": "R <4>", "slug": "r"}])
OFFERS = read_offers(
    secrets={"s3": {"env": {"S3_KEY": "key"}, "files": True, "description": "the <bucket>"}},
    service_accounts={"train": {}},
    cloud_sql={"shop:eu:main": {}},
    images=["registry.example.org/*"],
    gpu={"resource": "nvidia.com/gpu", "most": 2},
)
FACTS = Facts(
    {one.name: one for one in ENVIRONMENTS},
    offers=OFFERS,
    rights=frozenset({"custom-image", "pod-spec"}),
    cpu_max="8",
    memory_max="32Gi",
)
TERMS = FormTerms(drives={"default": "", "data": "5 GiB · in use by gpu-train"})
SENT = {
    "name": ["churn"],
    "environment": ["r"],
    "cpu": ["2"],
    "memory": ["4"],
    "gpu": ["1"],
    "image": ["registry.example.org/team/image:1.2"],
    "idle_timeout": ["900"],
    "idle_minutes": ["45"],
    "drive": ["default"],
    "extra_drive_2": ["data"],
    "extra_path_2": ["sets"],
    "extra_read_only_2": ["yes"],
    "cloud_sql": ["shop:eu:main"],
    "secret": ["s3"],
    "as:s3": ["both"],
    "service_account": ["train"],
    "port_1": ["8080"],
    "port_name_1": ["api"],
    "protocol_1": ["TCP"],
    "port_4": ["9000"],
    "protocol_4": ["UDP"],
    "lifetime": ["2"],
    "lifetime_unit": ["days"],
    "variables": ["A=1\r\nB=x=y"],
    "yaml": ["spec:\r\n  a: 1\r\n"],
}


def test_every_field_reaches_the_request() -> None:
    assert read_form(read_typed(SENT)) == {
        "name": "churn",
        "environment": "r",
        "image": "registry.example.org/team/image:1.2",
        "drive": "default",
        "service_account": "train",
        "resources": {"cpu": "2", "memory": "4Gi", "gpu": 1},
        "idle_timeout": 2700,
        "extra_drives": [{"drive": "data", "path": "sets", "read_only": True}],
        "secrets": [{"name": "s3", "as": "both"}],
        "cloud_sql": [{"instance": "shop:eu:main"}],
        "ports": [
            {"number": 8080, "protocol": "TCP", "name": "api"},
            {"number": 9000, "protocol": "UDP"},
        ],
        "max_lifetime": 172_800,
        "env": {"A": "1", "B": "x=y"},
        "pod_overrides": "spec:\n  a: 1\n",
    }
    assert parse_request(read_form(read_typed(SENT))).ports[1].number == 9000


def test_a_form_as_it_is_shown_asks_for_nothing_but_the_defaults() -> None:
    page = make_form(FACTS, TERMS)
    sent = {
        name: [value] for name, value in re.findall(r'<input[^>]* name="(\w+)" value="()"', page)
    }
    sent |= {
        name: [re.search(r'value="([^"]*)" selected', options)[1]]  # type: ignore[index]
        for name, options in re.findall(
            r'<select[^>]* name="([\w:]+)"[^>]*>(.*?)</select>', page, re.DOTALL
        )
        if " selected" in options
    }
    assert read_form(read_typed({**sent, "environment": ["python"]})) == {
        "environment": "python",
        "drive": "default",
        "idle_timeout": 900,
    }


def test_what_was_typed_is_shown_again_once_but_no_values_of_variables() -> None:
    keep_typed(read_typed({**SENT, "variables": ["A=canary"]}))
    page = make_form(FACTS, TERMS)
    for value in (
        "churn",
        "registry.example.org/team/image:1.2",
        "45",
        "sets",
        "8080",
        "api",
        "9000",
    ):
        assert f'value="{value}"' in page
    for chosen in ('value="r" required checked', 'value="s3" checked', 'value="yes" checked',
                   'value="both" selected', 'value="train" selected', 'value="UDP" selected',
                   'value="days" selected', 'value="data" selected', "a: 1",
                   '<details class="mb-3" open>'):  # fmt: skip
        assert chosen in page
    assert "canary" not in page
    assert "churn" not in make_form(FACTS, TERMS)


def test_texts_of_others_stay_text() -> None:
    page = make_form(FACTS, TERMS)
    assert "R &lt;4&gt;" in page
    assert "the &lt;bucket&gt;" in page
    assert "<script" not in page


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"extra_path_1": ["x"]}, "Extra drives, row 1: choose a drive, or empty the row."),
        ({"port_name_3": ["x"]}, "Ports, row 3: type a port from 1 to 65535, or empty the row."),
        ({"port_2": ["many"]}, "Ports, row 2: use a whole number."),
        ({"lifetime": ["2"], "lifetime_unit": ["years"]}, "Longest life: choose one of"),
        ({"gpu": ["half"]}, "GPU: use a whole number."),
        ({"idle_minutes": ["soon"]}, "Idle timeout, in minutes: use a whole number."),
        ({"variables": ["A"]}, "Variables: write one NAME=value a line."),
        ({"port_5": ["1"]}, "There is no field ‘port_5’; leave it out."),
    ],
)
def test_what_cannot_be_read_gets_a_sentence(sent: dict[str, list[str]], sentence: str) -> None:
    with pytest.raises(FormError, match=re.escape(sentence)):
        read_form(read_typed(sent))


def test_a_new_drive_goes_before_the_chosen_one() -> None:
    assert new_drive_in(read_typed({"drive": ["default"], "new_drive": [" data2 "]})) == "data2"
    assert new_drive_in(read_typed({"drive": ["default"], "new_drive": [" "]})) == ""


def test_a_link_fills_the_form_and_says_what_it_cannot() -> None:
    given = {"opt-environment": ["gone"], "opt-idle_timeout": ["5400"], "opt-drive": ["new-one"],
             "port": ["8080", "9000"], "opt-evil": ["x"]}  # fmt: skip
    keep_typed(read_link(given))
    page = make_form(FACTS, TERMS)
    assert "There is no environment ‘gone’ here: Python is chosen." in page
    assert "‘evil’ from the link is not on this form: left out." in page
    assert re.search(r'name="idle_minutes" value="90"', page)
    assert re.search(r'name="new_drive" value="new-one"', page)
    assert re.search(r'name="port_2"[^>]* value="9000"', page)


def test_what_a_person_may_not_use_is_closed_with_the_reason() -> None:
    facts = Facts(
        {one.name: one for one in ENVIRONMENTS},
        unsupported={"ports": "Not here.", "resources.gpu": "No."},
    )
    page = make_form(facts, FormTerms())
    image = re.search(r'<input[^>]*name="image"[^>]*>.*?</div>', page, re.DOTALL)
    assert image is not None
    assert " disabled" in image[0]
    assert "You may not choose an image of your own." in image[0]
    for label, reason in (("Ports", "Not here."), ("Secrets", "No secrets are shared with you.")):
        assert re.search(rf'<fieldset class="mb-3" disabled[^>]*>\s*<legend[^>]*>{label}<', page)
        assert reason in page
    assert re.search(r'name="gpu" value="" disabled', page)
    assert 'name="yaml"' not in page


def test_bounds_and_the_state_of_drives_are_said() -> None:
    page = make_form(FACTS, TERMS)
    for words in ("Up to 8.", "Up to 32 GiB.", "Up to 2.", ">data – 5 GiB · in use by gpu-train<"):
        assert words in page


def test_without_environments_it_is_said_why() -> None:
    page = make_form(Facts({}), FormTerms(trouble="Tell the administrator: x."))
    assert "No environment is open to you. An administrator can add one." in page
    assert "Tell the administrator: x." in page


ANNAS: Place = ("anna", "anna", "")


def test_what_was_typed_for_a_start_that_failed_is_there_once_more() -> None:
    unfinished = Unfinished(most=1)
    unfinished.keep(("bob", "bob", ""), read_typed(SENT))
    unfinished.keep(ANNAS, read_typed({**SENT, "variables": ["A=canary"], "yaml": ["b: canary"]}))
    assert unfinished.take(("bob", "bob", "")).values == {}, "the oldest went"
    page = make_form(FACTS, FormTerms(drives=TERMS.drives, before=unfinished.take(ANNAS)))
    assert 'value="churn"' in page
    assert "This is what you typed before." in page
    assert "canary" not in page
    assert unfinished.take(ANNAS).values == {}


def test_what_somebody_typed_is_kept_for_him_and_that_server_alone() -> None:
    unfinished = Unfinished()
    unfinished.keep(ANNAS, read_typed(SENT))
    for other in (("admin", "anna", ""), ("anna", "bob", ""), ("anna", "anna", "another")):
        assert unfinished.take(other).values == {}
    unfinished.forget("anna", "another")
    assert unfinished.take(ANNAS).one("name") == "churn"


def test_what_was_typed_is_forgotten_when_its_server_is_ready_or_its_request_shows_it() -> None:
    unfinished, typed = Unfinished(), read_typed(SENT)
    for by in ("anna", "admin"):
        unfinished.keep((by, "anna", ""), typed)
    unfinished.forget("anna", "")
    assert unfinished.take(ANNAS).values == {}
    assert unfinished.take(("admin", "anna", "")).values == {}
    unfinished.keep(ANNAS, typed)
    unfinished.forget_typed("bob", typed)
    assert unfinished.take(ANNAS).values
    unfinished.keep(ANNAS, typed)
    unfinished.forget_typed("anna", typed)
    assert unfinished.take(ANNAS).values == {}


def test_what_is_very_long_is_not_kept() -> None:
    unfinished = Unfinished()
    unfinished.keep(ANNAS, read_typed(SENT))
    unfinished.keep(ANNAS, read_typed({**SENT, "name": ["x" * 70_000]}))
    assert unfinished.take(ANNAS).values == {}
    unfinished.keep(ANNAS, Typed(unknown=("x" * 70_000,)))
    assert unfinished.take(ANNAS) == Typed()


async def test_what_is_shown_or_forgotten_is_gone_from_all_that_its_request_began() -> None:
    keep_typed(read_typed(SENT))
    seen = asyncio.Event()

    async def begun() -> Typed | None:
        assert typed_here() is not None
        await seen.wait()
        return typed_here()

    task = asyncio.create_task(begun())
    await asyncio.sleep(0)
    assert take_typed().one("name") == "churn"
    seen.set()
    assert await task is None
    assert take_typed() == Typed()


def test_what_is_typed_now_goes_before_what_was_typed_then() -> None:
    before = read_typed({"name": ["then"]})
    keep_typed(read_typed({"name": ["now"]}))
    page = make_form(FACTS, FormTerms(before=before))
    assert 'value="now"' in page
    assert "This is what you typed before." not in page

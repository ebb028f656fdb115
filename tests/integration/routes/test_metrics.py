"""What happens is counted: each metric of the service moves with what it names."""

from __future__ import annotations

from collections import defaultdict

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.support.inside import env_of_kernel, put_activity
from tests.support.product import Product
from tests.support.refusals import refusal_of
from tests.support.waiting import wait_for

pytestmark = pytest.mark.hub5

PREFIX = "jupyterhub_sessions_"


def measured(product: Product) -> defaultdict[str, float]:
    """Return the samples as Prometheus reads them, by name and label; 0 for what is not there."""
    headers = {"Authorization": f"token {product.token('admin')}"}
    answer = product.client.get("/services/sessions/metrics", headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    found: defaultdict[str, float] = defaultdict(float)
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sample.labels.items())
            found[f"{sample.name.removeprefix(PREFIX)}{{{labels}}}"] = sample.value
    return found


def test_a_life_is_counted_from_its_request_to_its_end(product: Product) -> None:
    before = measured(product)
    session = product.running()
    token = env_of_kernel(product, session)["JUPYTERHUB_API_TOKEN"]
    assert put_activity(product, session["id"], token, {"kind": "lab"}).status_code == 200
    lived = measured(product)
    assert lived["live{state=running}"] == before["live{state=running}"] + 1
    product.api("POST", f"sessions/{session['id']}/stop", expect=202)
    product.wait_state(session["id"], "stopped")
    # What follows a commit follows it a moment later.
    ends = "ends_total{cause=user}"
    wait_for(lambda: measured(product)[ends] > before[ends], what="the end to be counted")
    after = measured(product)
    for name in (
        "creates_total{result=accepted}",
        "ready_seconds_count{environment=python}",
        ends,
    ):
        assert after[name] == before[name] + 1, name
    assert after["activity_reports_total{}"] > before["activity_reports_total{}"]
    assert after["live{state=running}"] == before["live{state=running}"]
    assert "queue_length{}" in after


def test_a_start_through_the_hub_and_one_that_is_refused_are_counted(product: Product) -> None:
    before = measured(product)
    product.hub("POST", "users/anna/servers/counted", {}, token=product.token("anna"))
    accepted = "creates_total{result=accepted}"
    wait_for(lambda: measured(product)[accepted] > before[accepted], what="it to be admitted")
    product.api("POST", "sessions", {"environment": 7}, expect=422)
    refused = {"drive": "nobodys"}
    path, token = "users/anna/servers/refused", product.token("anna")
    assert refusal_of(product, path, refused, token=token)
    after = measured(product)
    for name in (
        accepted,
        "creates_total{result=drive}",
        "refusals_total{code=fields}",
    ):
        assert after[name] == before[name] + 1, name


def test_open_streams_are_counted(product: Product) -> None:
    headers = {"Authorization": f"token {product.token('anna')}"}
    wait_for(lambda: measured(product)["streams{}"] == 0, what="earlier streams to be closed")
    with product.client.stream("GET", "/services/sessions/api/v1/events", headers=headers) as told:
        next(told.iter_lines())
        assert measured(product)["streams{}"] == 1

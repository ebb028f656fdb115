"""Generated input, made from the OpenAPI document: whatever is sent, the answer is no 500."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from tests.support.product import Product

from .cases import ACTIVITY, CASES, Key, World, label

EXAMPLES = 20
STREAMS = {("GET", "api/v1/events"), ("GET", "api/v1/sessions/{id}/events")}
# A session's own token is another test's; streams do not end by themselves.
ASKED = [key for key in CASES if key != ACTIVITY and key not in STREAMS]


@pytest.fixture(scope="module")
def document(world: World) -> dict[str, Any]:
    """Give the OpenAPI document as the service sends it."""
    return world.call("GET", "openapi.json")


@pytest.mark.parametrize("key", ASKED, ids=label)
def test_generated_input_is_answered_and_never_with_a_bug(
    product: Product, world: World, document: dict[str, Any], key: Key
) -> None:
    method, template = key
    operation = schemathesis.openapi.from_dict(document)[f"/{template}"][method]
    headers = {"Authorization": f"token {product.token(world.owner)}"}
    modes = schemathesis.GenerationMode
    for mode in (modes.POSITIVE, modes.NEGATIVE):
        try:
            strategy = operation.as_strategy(generation_mode=mode)
        except schemathesis.errors.SchemathesisError:
            continue

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=strategy)
        def ask(case: Any) -> None:
            answer = case.call(base_url=product.base.rstrip("/"), headers=headers, timeout=60)
            assert answer.status_code < 500, (case.as_curl_command(), answer.text)
            if answer.status_code >= 400 and answer.content:
                assert answer.json()["error"]["code"], answer.text
            elif answer.status_code >= 400:
                # What is no HTTP in the eyes of Tornado gets its refusal, without a word.
                assert answer.status_code in (400, 413, 414, 431), case.as_curl_command()

        ask()
    assert world.call("GET", "me")["name"] == world.owner

"""What a change of a session may say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from sessions_service.lifecycle.moments import life_end
from sessions_service.sessions.schemas import PatchBody
from tests.support.records import NOON


@pytest.mark.parametrize("seconds", [60, 366 * 86_400, None])
def test_a_longest_life_can_be_set_or_taken_away(seconds: int | None) -> None:
    body = PatchBody.model_validate({"version": 1, "max_lifetime": seconds})
    assert body.max_lifetime == seconds
    assert "max_lifetime" in body.model_fields_set


@pytest.mark.parametrize("given", [{}, {"max_lifetime": 59}, {"max_lifetime": "60"}])
def test_a_change_of_nothing_or_to_no_life_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PatchBody.model_validate({"version": 1, **given})


def test_a_life_counts_from_when_it_was_ready_and_has_an_end_only_then() -> None:
    assert life_end(NOON, 60) == NOON + timedelta(seconds=60)
    assert life_end(None, 60) is None
    assert life_end(NOON, None) is None

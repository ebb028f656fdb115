"""What a change of a session may say."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pydantic import ValidationError

from sessions_service.lifecycle.moments import life_end
from sessions_service.sessions.actions import _life_end
from sessions_service.sessions.drafting import draft
from sessions_service.sessions.models import Session
from sessions_service.sessions.schemas import PatchBody
from sessions_service.web.errors import WrongFields
from sessions_spawner.request import parse_request, to_stored
from sessions_spawner.wire.messages import Owner
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


def test_a_life_that_it_has_outlived_already_is_refused() -> None:
    session = cast("Session", SimpleNamespace(ready_at=NOON))
    assert _life_end(session, 60, NOON) == NOON + timedelta(seconds=60)
    assert _life_end(session, None, NOON) is None
    with pytest.raises(WrongFields, match="It has run longer than that already"):
        _life_end(session, 60, NOON + timedelta(seconds=60))


@pytest.mark.parametrize(
    ("asked", "most", "taken"), [(None, None, None), (None, 600, 600), (60, 600, 60)]
)
def test_a_session_without_a_longest_life_gets_the_administrators_bound(
    asked: int | None, most: int | None, taken: int | None
) -> None:
    request = parse_request({"environment": "python", "max_lifetime": asked})
    owner = Owner(name="anna", created="2026")
    new = draft(
        *(request, owner, None),
        lifetime_max=most,
        email=None,
        name="x",
        request=to_stored(request),
        request_digest="",
    )
    assert new.max_lifetime == taken

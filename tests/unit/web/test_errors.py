"""Errors say that nothing happened where that is certain, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_service.web.errors import (
    ApiError,
    Away,
    Conflict,
    MayNot,
    NotThere,
    TooMany,
    wrong_fields,
)


def told(error: ApiError) -> dict[str, Any]:
    inner: dict[str, Any] = error.to_json("42")["error"]
    return inner


@pytest.mark.parametrize(
    "error",
    [MayNot("No."), NotThere("No."), Conflict("No.", code="limit"), TooMany("No."),
     wrong_fields({"drive": "No."}), Away("No.", nothing_happened=True)],
)  # fmt: skip
def test_a_refusal_changed_nothing(error: ApiError) -> None:
    assert told(error)["nothing_happened"] is True


@pytest.mark.parametrize(
    "error", [Away("Busy."), Conflict("Still running.", code="key", nothing_happened=False)]
)
def test_where_it_is_not_certain_nothing_is_said(error: ApiError) -> None:
    assert "nothing_happened" not in told(error)

"""The page's files are sent compressed to whoever takes that, and plain to everybody else."""

from __future__ import annotations

import pytest

from sessions_service.web.files import taken_encodings


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        ("", set()),
        ("gzip, deflate, br, zstd", {"gzip", "deflate", "br", "zstd"}),
        ("GZIP;q=0.5 , br ; q=1.0", {"gzip", "br"}),
        ("br;q=0, gzip;q=0.0, identity", {"identity"}),
        (";,,", set()),
    ],
)
def test_only_encodings_that_are_named_and_not_refused_are_taken(
    header: str, taken: set[str]
) -> None:
    assert taken_encodings(header) == taken

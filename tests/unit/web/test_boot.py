"""Which list the page is sent along with its shell."""

from __future__ import annotations

import pytest

from sessions_service.web.boot import list_filters


@pytest.mark.parametrize(
    ("screen", "given", "filters"),
    [
        ("", {}, {"tab": [b"active"]}),
        ("history", {}, {"tab": [b"history"]}),
        (
            "history",
            {"drive": [b"data", b"other"], "q": [b"x"]},
            {"tab": [b"history"], "drive": [b"data", b"other"], "q": [b"x"]},
        ),
        ("", {"panel": [b"sessions"], "page": [b"2"], "cursor": [b"c"]}, {"cursor": [b"c"]}),
        ("", {"tab": [b"history"], "nonsense": [b"1"]}, {"tab": [b"active"]}),
        # A form or a drawer lies over the plain list; its query is not the list's.
        ("new", {"environment": [b"python"]}, {"tab": [b"active"]}),
        ("s/saaaaaaaaaaa", {"q": [b"x"]}, {"tab": [b"active"]}),
    ],
)
def test_the_first_list_is_that_of_the_address(
    screen: str, given: dict[str, list[bytes]], filters: dict[str, list[bytes]]
) -> None:
    assert list_filters(screen, given) == {"tab": [b"active"], **filters}

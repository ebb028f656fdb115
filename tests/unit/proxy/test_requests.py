"""Which requests are use, and which are what an open page asks by itself."""

from __future__ import annotations

import pytest

from sessions_proxy.activity.requests import Asked, classify


def kind_of(method: str, path: str, *, status: int = 200, navigates: bool = False) -> str | None:
    found = classify(Asked(method, path, status, navigates))
    return found[0] if found else None


@pytest.mark.parametrize(
    "path",
    [
        "api/kernels",
        "api/sessions",
        "api/terminals",
        "api/contents/",
        "api/contents/work/a.ipynb",
        "api/status",
        "lab/api/workspaces/default",
        "code/",
        "proxy/8080/data",
        "bash/",
    ],
)
def test_what_an_open_page_reads_by_itself_is_no_use(path: str) -> None:
    assert kind_of("GET", path) is None


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "api/contents/a.ipynb"),
        ("POST", "api/contents/"),
        ("PATCH", "api/contents/a.ipynb"),
        ("DELETE", "api/contents/a.ipynb"),
        ("POST", "api/kernels"),
        ("POST", "api/kernels/7/interrupt"),
        ("POST", "api/sessions"),
        ("POST", "api/terminals"),
        ("PUT", "lab/api/settings/theme"),
    ],
)
def test_what_somebody_caused_to_be_written_is_use_of_the_lab(method: str, path: str) -> None:
    assert kind_of(method, path, status=201) == "lab"


@pytest.mark.parametrize("path", ["lab", "lab/tree/a.ipynb", "tree", "notebooks/a.ipynb", ""])
def test_a_page_opened_by_a_person_is_use_of_the_lab(path: str) -> None:
    assert kind_of("GET", path, navigates=True) == "lab"


def test_the_layout_that_the_lab_saves_by_itself_is_no_use() -> None:
    assert kind_of("PUT", "lab/api/workspaces/default", status=204) is None


@pytest.mark.parametrize("status", [302, 400, 403, 404, 500])
def test_what_was_refused_or_redirected_is_no_use(status: int) -> None:
    assert kind_of("PUT", "api/contents/a.ipynb", status=status) is None
    assert kind_of("GET", "lab", status=status, navigates=True) is None


@pytest.mark.parametrize("path", ["login", "static/x.js", "api/me", "sessions/idle"])
def test_addresses_that_are_no_pages_of_the_lab_are_no_use(path: str) -> None:
    assert kind_of("GET", path, navigates=True) is None


def test_a_ports_page_is_use_when_opened_or_posted_to_and_names_the_port() -> None:
    found = classify(Asked("GET", "proxy/8050/", 200, navigates=True))
    assert found == ("port", "A page of port 8050 was used.")
    assert kind_of("POST", "proxy/absolute/8050/run") == "port"


def test_the_shells_page_is_use_when_opened() -> None:
    assert kind_of("GET", "bash/", navigates=True) == "shell"

"""Paths, quantities, images and ids take what they should, and nothing near it."""

from __future__ import annotations

import posixpath
import re
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sessions_spawner.request import RequestError, parse_request
from sessions_spawner.request.fields import has_control_characters
from sessions_spawner.request.ids import (
    is_drive_id,
    is_session_id,
    new_drive_id,
    new_session_id,
)
from sessions_spawner.request.paths import check_mount_path
from sessions_spawner.request.quantities import check_quantity, parse_quantity


@pytest.mark.parametrize(
    ("path", "normal"),
    [
        ("data", "data"),
        ("a/b/c", "a/b/c"),
        ("a//b/", "a/b"),
        ("a/./b", "a/b"),
        ("home", "home"),
        ("with blank", "with blank"),
        ("Ünïcode/日本", "Ünïcode/日本"),
        ("a..b", "a..b"),
        ("x" * 255, "x" * 255),
    ],
)
def test_a_path_inside_the_home_folder_is_normalised(path: str, normal: str) -> None:
    assert check_mount_path(path) == normal


@pytest.mark.parametrize(
    "path",
    [
        "",
        " ",
        ".",
        "./",
        "/",
        "//x",
        "/etc/passwd",
        "..",
        "../x",
        "a/../..",
        "a/../b",
        "a/..",
        ".ssh",
        "a/.ssh",
        ".a/b",
        "proc",
        "etc/x",
        "./usr",
        "lib64/x",
        "a\\b",
        "a:b",
        "a\x00b",
        "a\nb",
        "a\x7fb",
        "a\x9fb",
        "a\u202eb",
        "a\u200bb",
        "a\u2028b",
        "x" * 256,
        "日" * 86,
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        check_mount_path(path)


@given(st.text(st.sampled_from("ab./\\ ~\0\né"), max_size=12))
@example(" /.")
def test_an_accepted_path_stays_below_the_home_folder(text: str) -> None:
    try:
        path = check_mount_path(text)
    except ValueError:
        return
    joined = posixpath.normpath(posixpath.join("/home/anna", path))
    assert joined == f"/home/anna/{path}"
    assert not any(part.startswith(".") for part in path.split("/"))
    assert check_mount_path(path) == path


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        ("500m", Decimal("0.5")),
        ("1.5", Decimal("1.5")),
        ("4Gi", 4 * 1024**3),
        ("4G", 4 * 1000**3),
        ("1k", 1000),
        ("2Ki", 2048),
        ("1Pi", 1024**5),
        ("0", 0),
    ],
)
def test_a_quantity_is_read_as_kubernetes_does(text: str, number: Decimal | int) -> None:
    assert parse_quantity(text) == number


@pytest.mark.parametrize(
    "text",
    ["", " 1", "1 ", "1\n", "-1", "+1", "1e3", "1gi", "1GiB", "1.", ".5", "1,5", "４Gi", "x"],
)
def test_text_that_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Use a Kubernetes quantity"):
        parse_quantity(text)


@pytest.mark.parametrize("text", ["0", "0m", "0.0Gi"])
def test_nothing_is_no_quantity_to_ask_for(text: str) -> None:
    with pytest.raises(ValueError, match="above 0"):
        check_quantity(text)


@given(st.integers(1, 10**12), st.sampled_from(["", "m", "k", "M", "G", "Ki", "Mi", "Gi"]))
def test_quantities_grow_with_their_number(number: int, unit: str) -> None:
    assert parse_quantity(f"{number}{unit}") < parse_quantity(f"{number + 1}{unit}")


DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    "image",
    [
        "python",
        "python:3.12",
        "library/python:3.12-slim",
        "quay.io/jupyter/base-notebook:2026-01-31",
        "localhost:5000/a/b_c/d__e/f-g--h.i",
        f"registry.example.org/team/image:1.2@{DIGEST}",
        f"image@{DIGEST}",
        "image:" + "t" * 128,
    ],
)
def test_an_image_is_taken(image: str) -> None:
    assert parse_request({"environment": "python", "image": image}).image == image


@pytest.mark.parametrize(
    "image",
    [
        "",
        "Python",
        "python:",
        ":3.12",
        "python:3 12",
        "python\n",
        "python:3.12;rm",
        "a//b",
        "/a",
        "a/",
        "a..b",
        "a___b",
        "-a",
        "a-",
        "https://registry.example.org/a",
        "image@sha256:abc",
        "image:" + "t" * 129,
        "a" * 513,
        "a" * 200_000 + "!",
        "../a",
    ],
)
def test_text_that_is_no_image_is_refused(image: str) -> None:
    with pytest.raises(RequestError) as refused:
        parse_request({"environment": "python", "image": image})
    assert list(refused.value.fields) == ["image"]


def test_control_characters_are_seen_and_other_scripts_are_let_be() -> None:
    assert all(map(has_control_characters, "\x00\x1b\r\n\x7f\x85\u202e\u2066\u200f\u2028\ud800"))
    assert not any(map(has_control_characters, "a ü日🚀‘’—\u00a0"))


def test_ids_are_valid_server_names_and_differ() -> None:
    ids = [new_session_id() for _ in range(2000)] + [new_drive_id() for _ in range(2000)]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z0-9]{11}", one) for one in ids)


def test_an_id_tells_what_it_names() -> None:
    assert is_session_id(new_session_id())
    assert is_drive_id(new_drive_id())
    assert not is_session_id(new_drive_id())
    assert not is_drive_id(new_session_id())
    for text in (
        "",
        "s",
        "sABCDEFGHIJK",
        "sabcdefghij",
        "sabcdefghijkl",
        "sabcdefghij\n",
        "s0123456789a",
    ):
        assert not is_session_id(text)

"""An image reference is read as container runtimes read it, and allowed by its parts."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_spawner.request.images import Image, parse_image, read_pattern

DIGEST = "sha256:" + "0a" * 32


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("python", "docker.io/library/python"),
        ("python:3.11", "docker.io/library/python:3.11"),
        ("jupyter/base", "docker.io/jupyter/base"),
        ("docker.io/python", "docker.io/library/python"),
        ("index.docker.io/python:3", "docker.io/library/python:3"),
        ("docker.io/library/python", "docker.io/library/python"),
        ("quay.io/a/b/c:1.2", "quay.io/a/b/c:1.2"),
        ("localhost/x", "localhost/x"),
        ("registry:5000/x", "registry:5000/x"),
        ("registry.example.org:5000/x:tag", "registry.example.org:5000/x:tag"),
        (f"quay.io/x@{DIGEST}", f"quay.io/x@{DIGEST}"),
        (f"quay.io/x:1@{DIGEST}", f"quay.io/x:1@{DIGEST}"),
        ("quay.io/x:Tag_1.2-3", "quay.io/x:Tag_1.2-3"),
    ],
)
def test_a_reference_is_written_out_with_its_host(text: str, whole: str) -> None:
    assert str(parse_image(text)) == whole
    assert str(parse_image(whole)) == whole


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/x",
        "x/",
        "quay.io/",
        "quay.io//x",
        "QUAY.io/x",
        "quay.io/X",
        "https://quay.io/x",
        "anna:canary@quay.io/x",
        "anna@quay.io/x",
        "quay.io./x",
        "quay..io/x",
        "-quay.io/x",
        "quay.io:port/x",
        "quay.io:/x",
        "quay.io/x:",
        "quay.io/x:a b",
        "quay.io/x:1:2",
        "quay.io/x@",
        "quay.io/x@sha256:0a",
        f"quay.io/x@{DIGEST.upper()}",
        f"quay.io/x@{DIGEST}@{DIGEST}",
        "quay.io/x@sha512:" + "0a" * 64,
        "quay.io/x\n",
        "quay.io/../x",
        "quay.io/$(HOME)",
        "quay.io/*",
        "quay.io/" + "a" * 256,
    ],
)
def test_what_is_no_reference_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Use a form like") as refused:
        parse_image(text)
    assert "canary" not in str(refused.value)


def fits(pattern: str, image: str) -> bool:
    """Tell whether a pattern allows an image."""
    return read_pattern(pattern).fits(parse_image(image))


@pytest.mark.parametrize(
    ("pattern", "allowed", "refused"),
    [
        (
            "quay.io/team/*",
            ["quay.io/team/x", "quay.io/team/x/y:1", f"quay.io/team/x:1@{DIGEST}"],
            [
                "quay.io/team",
                "quay.io/teams/x",
                "evil.io/quay.io/team/x",
                "quay.io.evil.io/team/x",
                "quayxio/team/x",
                "quay.io:5000/team/x",
                "quay/team/x",
                "team/x",
            ],
        ),
        (
            "*.example.org/*",
            ["a.example.org/x", "a.b.example.org/x/y"],
            ["example.org/x", "evil.io/a.example.org/x", "aexample.org/x", "a.example.org:99/x"],
        ),
        (
            "quay.io/team/x:1.*",
            ["quay.io/team/x:1.2"],
            ["quay.io/team/x", "quay.io/team/x:2", f"quay.io/team/x:1.2@{DIGEST}"],
        ),
        ("quay.io/x:latest", ["quay.io/x", "quay.io/x:latest"], ["quay.io/x:1"]),
        (
            "quay.io/x@sha256:*",
            [f"quay.io/x@{DIGEST}", f"quay.io/x:1@{DIGEST}"],
            ["quay.io/x", "quay.io/x:1"],
        ),
        (
            f"quay.io/x:1@{DIGEST}",
            [f"quay.io/x:1@{DIGEST}"],
            [f"quay.io/x@{DIGEST}", f"quay.io/x:1@sha256:{'0b' * 32}"],
        ),
        ("docker.io/python", ["python", "docker.io/library/python:3"], ["evil/python"]),
        ("docker.io/jupyter/*", ["jupyter/base"], ["python"]),
        ("localhost/x", ["localhost/x"], ["x"]),
        ("*/base/?", ["quay.io/base/a", "base/a"], ["quay.io/base/ab", "quay.io/x/base/a"]),
    ],
)
def test_a_pattern_allows_what_fits_wholly(
    pattern: str, allowed: list[str], refused: list[str]
) -> None:
    assert [image for image in allowed if not fits(pattern, image)] == []
    assert [image for image in refused if fits(pattern, image)] == []


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "*",
        "jupyter/*",
        "registry/*",
        "quay.io",
        "quay.io/",
        "quay.i*/x",
        "quay.io*/x",
        "*quay.io/x",
        "a.*.io/x",
        "QUAY.io/x",
        "quay.io/[ab]",
        "quay.io/x y",
        "quay.io/x@*",
        "quay.io/x@sha256:0*",
        "https://quay.io/x",
        "anna:x@quay.io/*",
    ],
)
def test_a_pattern_without_a_whole_host_is_refused_with_how_to_write_it(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"with its host\.$"):
        read_pattern(pattern)


NAMES = st.from_regex(r"[a-z0-9]{1,6}([._-][a-z0-9]{1,4})?", fullmatch=True)
IMAGES = st.builds(
    Image,
    host=st.builds("{}.{}".format, NAMES.map(lambda n: n.replace("_", "-")), st.just("org"))
    | st.just("localhost:5000"),
    repository=st.lists(NAMES, min_size=1, max_size=3).map("/".join),
    tag=st.none() | st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,8}", fullmatch=True),
    digest=st.none() | st.just(DIGEST),
)


@given(IMAGES)
def test_any_image_comes_back_from_its_text(image: Image) -> None:
    assert parse_image(str(image)) == image


@given(IMAGES, IMAGES)
def test_the_text_of_an_image_allows_that_version_and_no_other(one: Image, other: Image) -> None:
    pattern = read_pattern(str(one))
    assert pattern.fits(one)
    is_same = (one.host, one.repository) == (other.host, other.repository)
    if pattern.fits(other):
        assert is_same
        assert one.tag is None or one.tag == other.tag or (one.tag, other.tag) == ("latest", None)
        assert one.digest is None or one.digest == other.digest


@given(st.text(alphabet="ab.:/@*sha256-", max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (parse_image, read_pattern):
        with contextlib.suppress(ValueError):
            read(text)

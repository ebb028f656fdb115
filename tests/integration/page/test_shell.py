"""The page's shell: the boot block of its address, the hub's menu around it, its files."""

from __future__ import annotations

import contextlib
import gzip
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from tests.support.product import Product
from tests.support.signed_in import SignedIn, read_boot


def boot_at(visitor: SignedIn, path: str) -> dict[str, Any]:
    return read_boot(visitor.client.get(f"/services/sessions/{path}").text)


def names_in(boot: dict[str, Any]) -> list[str]:
    return [one["name"] for one in boot["sessions"]["items"]]


@pytest.fixture
def anna(product: Product) -> Iterator[SignedIn]:
    """Give anna, signed in."""
    with contextlib.closing(SignedIn(product, "anna")) as signed_in:
        yield signed_in


def test_the_first_list_is_the_one_that_the_address_asks_for(
    product: Product, anna: SignedIn
) -> None:
    ended = product.create(name="ended-one", environment="missing")
    product.wait_state(ended["id"], "failed")
    product.running(name="running-one")
    assert names_in(boot_at(anna, "")) == ["running-one"]
    assert names_in(boot_at(anna, "?q=nothing")) == []
    assert names_in(boot_at(anna, f"s/{ended['id']}")) == ["running-one"]
    history = boot_at(anna, "history?q=ended-one&limit=50&page=3&panel=x")
    assert names_in(history) == ["ended-one"]
    assert parse_qs(history["query"]) == {"tab": ["history"], "q": ["ended-one"], "limit": ["50"]}


@pytest.mark.parametrize("wrong", ["limit=lots", "cursor=made-up", "sort=size"])
def test_a_query_that_the_api_refuses_leaves_the_first_list_to_the_page(
    anna: SignedIn, wrong: str
) -> None:
    boot = boot_at(anna, f"?{wrong}")
    assert boot["sessions"] is None
    assert wrong in boot["query"]


def test_the_block_brings_what_the_form_chooses_from(product: Product, anna: SignedIn) -> None:
    listed = product.api("GET", "environments", expect=200).json()["items"]
    assert boot_at(anna, "")["environments"] == listed


@pytest.mark.hub5
def test_the_menu_is_the_hubs_with_its_announcement_as_text(
    product: Product, anna: SignedIn
) -> None:
    page = anna.client.get("/services/sessions/").text
    assert '<a class="nav-link" href="https://rules.example.org/?a=1&amp;b">House rules</a>' in page
    assert re.search(r'announcement[^>]*">Tonight the hub restarts\.</div>', page)
    assert "handbook" not in page
    with contextlib.closing(SignedIn(product, "admin")) as admin:
        menu = admin.client.get("/services/sessions/").text
    assert '<a class="dropdown-item" href="/services/handbook/">handbook</a>' in menu
    assert 'dropdown-item" href="/services/sessions/"' not in menu


def test_the_pages_files_come_compressed_and_are_kept_for_ever(
    product: Product, anna: SignedIn
) -> None:
    page = anna.client.get("/services/sessions/").text
    addresses = re.findall(r'(?:src|href)="(/services/sessions/static/[^"]+)"', page)
    assert len(addresses) >= 2
    for address in addresses:
        plain, content = fetch(product, address, "identity")
        assert "Content-Encoding" not in plain
        for encoding in ("gzip", "br"):
            packed, body = fetch(product, address, f"{encoding};q=0.9")
            assert packed["Content-Encoding"] == encoding
            assert len(body) < (len(content) / 2 if len(content) > 2000 else len(content))
            assert packed["Etag"] != plain["Etag"]
            for headers in (plain, packed):
                assert headers["Content-Type"] == plain["Content-Type"]
                assert headers["Vary"] == "Accept-Encoding"
                assert "immutable" in headers["Cache-Control"]
        assert gzip.decompress(fetch(product, address, "gzip")[1]) == content


def fetch(product: Product, address: str, encodings: str) -> tuple[httpx.Headers, bytes]:
    """Return an answer's headers, and its body as it came."""
    headers = {"Accept-Encoding": encodings}
    with httpx.stream("GET", product.url + address, headers=headers) as answer:
        assert answer.status_code == 200
        return answer.headers, b"".join(answer.iter_raw())

"""The hub's own pages, as a browser without JavaScript has them."""

from __future__ import annotations

import html
import re

import httpx

from .product import Product


def as_a_browser(product: Product, name: str) -> httpx.Client:
    """Return a client that has signed in at the hub as a browser would."""
    client = httpx.Client(base_url=product.url, follow_redirects=True, timeout=30)
    page = client.get("/hub/login?next=/hub/home").text
    token = re.search(r'name="_xsrf" value="([^"]+)"', page)
    assert token is not None
    client.post(
        "/hub/login?next=/hub/home",
        data={"username": name, "password": product.password, "_xsrf": token[1]},
    )
    return client


def send_spawn_form(client: httpx.Client, **fields: str) -> httpx.Response:
    """Send the form of the spawn page."""
    page = client.get("/hub/spawn").text
    action = re.search(r'<form[^>]*action="([^"]+)"', page, re.DOTALL)
    assert action is not None
    body = {"environment": "python", "idle_timeout": "900", "drive": "default", **fields}
    return client.post(html.unescape(action[1]), data=body)

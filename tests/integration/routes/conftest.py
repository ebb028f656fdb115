"""What the walk over the routes is about: made once."""

from __future__ import annotations

import pytest

from tests.support.product import Product

from .cases import LAUNCH, World


@pytest.fixture(scope="session")
def world(shared_product: Product) -> World:
    """Give an owner with an ended session and a drive, and a stranger."""
    owner, stranger = (shared_product.new_user(kind) for kind in ("owner", "stranger"))
    session = shared_product.api("POST", "sessions", LAUNCH, user=owner, expect=201).json()
    path = f"sessions/{session['id']}/stop"
    shared_product.api("POST", path, user=owner, expect=202)
    shared_product.wait_state(session["id"], "stopped", user=owner)
    drive = shared_product.api("POST", "drives", {"name": "data"}, user=owner, expect=201).json()
    return World(shared_product, owner, stranger, session["id"], drive["id"])

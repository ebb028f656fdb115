"""What the walk over the routes is about: made once."""

from __future__ import annotations

import pytest

from tests.support.product import Product
from tests.support.waiting import wait_for

from .cases import LAUNCH, World


@pytest.fixture(scope="session")
def world(shared_product: Product) -> World:
    """Give an owner with an ended session and a drive, and a stranger."""
    kinds = ("owner", "stranger", "tutor")
    owner, stranger, tutor = (shared_product.new_user(kind) for kind in kinds)
    for group, member in (("class", owner), ("tutors", tutor)):
        shared_product.hub("POST", f"groups/{group}/users", {"users": [member]})
    session = shared_product.api("POST", "sessions", LAUNCH, user=owner, expect=201).json()
    path = f"sessions/{session['id']}/stop"
    shared_product.api("POST", path, user=owner, expect=202)
    shared_product.wait_state(session["id"], "stopped", user=owner)
    drive = shared_product.api("POST", "drives", {"name": "data"}, user=owner, expect=201).json()
    wait_for(  # who is in a group is kept for 10 s
        lambda: shared_product.api("GET", path[:-5], user=tutor).status_code == 200,
        seconds=12,
        every=0.2,
        what="the owner to be in the class",
    )
    return World(shared_product, owner, stranger, session["id"], drive["id"], tutor)

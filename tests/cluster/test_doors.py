"""The doors of a session in a pod are those that its image has."""

from __future__ import annotations

import pytest

from tests.cluster.sessions import start
from tests.support.product import Product
from tests.support.waiting import wait_for

pytestmark = pytest.mark.timeout(300)


@pytest.mark.usefixtures("pods")
def test_the_door_of_a_program_that_the_image_has_not_is_off(product: Product) -> None:
    session = start(product)
    off = {"state": "off", "reason": "VS Code is not installed in this session."}

    def says_so() -> bool:
        return bool(product.get(session["id"])["access"]["code"] == off)

    wait_for(says_so, seconds=60, every=0.2, what="the session's own word on its doors")
    assert product.get(session["id"])["access"]["lab"]["state"] == "ready"

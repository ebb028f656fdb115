"""The doors of a running session are those that it says it has."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.parts import require
from tests.support.product import running_product
from tests.support.waiting import wait_for

pytestmark = pytest.mark.timeout(120)
# The hub offers VS Code; where the session runs it is not installed.
SETTINGS = 'c.LocalSessionSpawner.code_server = "/nonexistent/code-server"'


def test_the_door_of_a_program_that_is_not_installed_where_the_session_runs_is_off(
    tmp_path: Path,
) -> None:
    require("configurable-http-proxy")
    with running_product(tmp_path, extra=SETTINGS) as product:
        session = product.running(name="without")
        off = {"state": "off", "reason": "VS Code is not installed in this session."}

        def says_so() -> bool:
            return bool(product.get(session["id"])["access"]["code"] == off)

        wait_for(says_so, what="the session's own word on its doors")
        access = product.get(session["id"])["access"]
        assert (access["lab"]["state"], access["shell"]["state"]) == ("ready", "ready")
        # Lists, and whoever asks whether they changed, have it too.
        (listed,) = product.api("GET", "sessions").json()["items"]
        assert listed["access"]["code"] == off

"""What people see of a pod that starts: what it waits for."""

from __future__ import annotations

import re

import pytest

from tests.cluster.failures.conftest import Stage
from tests.support.waiting import wait_for

pytestmark = [pytest.mark.timeout(300)]

WAITS = {
    "image-soon": "The image ‘.*nowhere:1’ could not be fetched so far: .* It is tried again",
    "large-soon": "No machine has room for .*GiB yet",
    "class-burning-soon": "The drive ‘.*’ could not be attached so far: .*on fire",
    # It crashes again and again only after some seconds, on a busy machine after many.
    "sidecar-crash": "Its helper ‘proxy’ crashes",
}


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        pytest.param(name, said, id=name, marks=() if name == "large-soon" else pytest.mark.slow)
        for name, said in WAITS.items()
    ],
)
def test_what_a_start_waits_for_is_said_while_it_waits(
    stage: Stage, environment: str, sentence: str
) -> None:
    session = stage.product.create(environment=environment, drive=stage.new_drive())

    def is_said() -> bool:
        progress = stage.product.get(session["id"])["progress"]
        assert progress is not None, "it has ended, and nothing was said before"
        # On a busy machine it first waits for what is only slow.
        return re.search(sentence, str(progress["trouble"])) is not None

    wait_for(is_said, seconds=60, every=0.1, what="what it waits for")
    stage.product.api("POST", f"sessions/{session['id']}/stop", {})
    stage.end(session)

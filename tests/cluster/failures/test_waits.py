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
    "sidecar-crash-soon": "Its helper ‘proxy’ crashes",
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

    def trouble() -> str | None:
        progress = stage.product.get(session["id"])["progress"]
        assert progress is not None, "it has ended, and nothing was said before"
        said: str | None = progress["trouble"]
        return said

    said = wait_for(trouble, seconds=30, every=0.1, what="what it waits for")
    assert re.search(sentence, str(said))
    stage.end(session)

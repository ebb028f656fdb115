"""The cluster takes every object that `deploy/` holds."""

from __future__ import annotations

import pytest

from tests.support.bed import Bed
from tests.support.deployed import Names, apply, render

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_a_dry_run_finds_nothing_wrong(bed: Bed, names: Names) -> None:
    for name in (names.hub, names.sessions):
        bed.kubectl("create", "namespace", name)
    objects = [*render(bed.kubectl, "base", names), *render(bed.kubectl, "nodes", names)]
    told = apply(bed.kubectl, objects, "--dry-run=server", "--validate=strict")
    assert told.count("(server dry run)") == len(objects)
    assert "warning" not in told.lower()

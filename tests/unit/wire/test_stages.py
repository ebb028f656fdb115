"""What is told of a start: its stage, and there what it waits for."""

from __future__ import annotations

from sessions_spawner.request import parse_request
from sessions_spawner.run import Failure, Run, make_stage
from sessions_spawner.wire.messages import Stage

RUN = Run("s1", 3, "calm-heron", parse_request({"environment": "python"}), {}, "0" * 64)


def test_a_stage_carries_what_the_start_waits_for_whole() -> None:
    wait = Failure("image-pull", "the registry does not answer", words={"image": "team/lab:3"})
    told = Stage(**make_stage(RUN, "anna", "starting", wait).model_dump(mode="json"))
    assert (told.id, told.generation, told.owner, told.name) == ("s1", 3, "anna", "starting")
    assert told.trouble is not None
    assert told.trouble.cause == "image-pull"
    assert told.trouble.detail == "the registry does not answer"
    assert told.trouble.words == {"image": "team/lab:3"}


def test_a_stage_of_a_start_that_waits_for_nothing_has_no_trouble() -> None:
    assert make_stage(RUN, "anna", "starting").trouble is None
    # One of a hub process of before knows none.
    old = make_stage(RUN, "anna", "starting").model_dump(mode="json", exclude={"trouble"})
    assert Stage(**old).trouble is None

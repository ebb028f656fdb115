"""What is in the way of a start, in plain sentences: of each cause, with few words and with all."""

from __future__ import annotations

import pytest

from sessions_service.lifecycle.causes import Cause
from sessions_service.lifecycle.waits import say_wait
from sessions_spawner.wire.messages import Trouble

IMAGE: dict[str, str | int] = {"image": "team/lab:3"}


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        (
            Trouble(cause="image-pull", detail="the registry does not answer.", words=IMAGE),
            (
                "The image ‘team/lab:3’ could not be fetched so far: the registry does not answer. "
                "It is tried again."
            ),
        ),
        (
            Trouble(cause="image-pull"),
            "Its image could not be fetched so far. It is tried again.",
        ),
        (
            Trouble(cause="unschedulable", words={"size": "8 CPU"}),
            "No machine has room for 8 CPU yet.",
        ),
        (
            Trouble(cause="volume", detail="another session uses it", words={"drive": "data"}),
            "The drive ‘data’ could not be attached so far: another session uses it.",
        ),
        (
            Trouble(cause="crashed", words={"container": "proxy", "times": 2}),
            "Its helper ‘proxy’ crashes. It is started again.",
        ),
        (
            Trouble(cause="start-timeout", detail="its helper ‘proxy’: it is not started yet"),
            "It is not ready yet: its helper ‘proxy’: it is not started yet.",
        ),
        (
            Trouble(cause="refused", detail="The secret ‘x’ is not in the cluster; choose another"),
            "The secret ‘x’ is not in the cluster; choose another.",
        ),
        (Trouble(cause="of-a-later-version", detail="moon"), "It waits: moon."),
        (Trouble(cause="of-a-later-version"), "It waits for the cluster."),
    ],
)
def test_a_wait_is_one_sentence_with_the_words_that_are_known(
    trouble: Trouble, sentence: str
) -> None:
    assert say_wait(trouble) == sentence


@pytest.mark.parametrize("cause", Cause)
@pytest.mark.parametrize("words", [{}, {"image": "", "drive": "{detail}", "size": "{0}"}])
def test_every_cause_has_a_sentence_whatever_its_words(
    cause: Cause, words: dict[str, str | int]
) -> None:
    for detail in ("", "{detail}", "..."):
        said = say_wait(Trouble(cause=cause, detail=detail, words=words))
        assert said.endswith(".")
        assert "‘’" not in said

"""Decides what is wrong with a pod, or how it ended: rules in an order, the first that knows wins.

The most specific word wins, whoever says it. Once the run is over:

1. the kernel's word on memory: a container killed for it is also in a pod that is `Failed`, and
   may be in one that is then deleted or evicted;
2. the kubelet's word in the pod's status (evicted, deadline, shutdown), which explains the
   containers' exit codes, 137 most of all;
3. the word of whoever took the pod away (`DisruptionTarget`), which explains its deletion;
4. a machine that does not answer, before a deletion that it cannot carry out;
5. the program's own exit, if it came before anybody asked for the pod's deletion;
6. the exit of what ran before the program, then the bare phase;
7. the deletion itself, by somebody else.

While it is not over, from what stops most to what stops least:

1. the pod is about to be taken away, or its machine is silent;
2. the first container that does not get on, in the order of starting;
3. volumes and surroundings, which only events tell of;
4. a claim that cannot be bound, before the scheduler, who only knows that it is "unbound";
5. the scheduler.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from .ends import (
    deletion,
    disruption,
    machine,
    other_end,
    out_of_memory,
    phase_of_pod,
    program_end,
    reason_of_pod,
)
from .finding import Verdict
from .scheduling import scheduling
from .volumes import claim, mount
from .waits import container_in_trouble, sandbox
from .world import World

Rule = Callable[[World], Verdict | None]

ENDS: Final[tuple[Rule, ...]] = (
    out_of_memory,
    reason_of_pod,
    disruption,
    machine,
    program_end,
    other_end,
    phase_of_pod,
    deletion,
)
TROUBLES: Final[tuple[Rule, ...]] = (
    disruption,
    machine,
    container_in_trouble,
    mount,
    sandbox,
    claim,
    scheduling,
)


def decide(world: World) -> Verdict | None:
    """Return the verdict of the first rule that has one.

    What is over is final. Also where the kubelet would start the program anew in its place: that
    is another run, without the notebooks' memory, and its record would be this one's.
    """
    rules = ENDS if world.is_over else TROUBLES
    verdict = next((found for rule in rules if (found := rule(world))), None)
    if verdict is None or not world.is_over:
        return verdict
    code = world.main_end.exit_code if world.main_end else None
    return replace(
        verdict, is_final=True, exit_code=code if verdict.exit_code is None else verdict.exit_code
    )

"""Why a session ended: one table with the state, the status, the sentence and the next step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from .table import PENDING, State


class Cause(StrEnum):
    """Why a session ended."""

    USER = "user"
    ADMIN = "admin"
    IDLE = "idle"
    LIFETIME = "lifetime"
    EXITED = "exited"
    CRASHED = "crashed"
    OUT_OF_MEMORY = "out-of-memory"
    EVICTED = "evicted"
    NODE_LOST = "node-lost"
    IMAGE_PULL = "image-pull"
    UNSCHEDULABLE = "unschedulable"
    VOLUME = "volume"
    QUOTA = "quota"
    START_TIMEOUT = "start-timeout"
    REFUSED = "refused"
    BUDGET = "budget"
    SHUTDOWN = "shutdown"
    OWNER_GONE = "owner-gone"
    LOST = "lost"


class Status(StrEnum):
    """The seven words that people see."""

    PENDING = "pending"
    IN_PROGRESS = "in progress"
    CANCELLING = "cancelling"
    FAILING = "failing"
    CANCELLED = "cancelled"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Ending:
    """What a cause means.

    `sentence` and `short` are templates over what is always known of an end (see `explain`).
    `fuller` are sentences that say more: the first one whose words the evidence has is said in
    place of `sentence`. `action` is one of restart, clone, drives, sessions, logs.
    """

    state: State
    status: Status
    sentence: str
    short: str
    label: str = "Start again"
    action: str = "restart"
    fuller: tuple[str, ...] = ()


def _by_somebody(sentence: str, short: str) -> Ending:
    return Ending(State.STOPPED, Status.CANCELLED, sentence, short)


def _by_itself(sentence: str, short: str, **more: object) -> Ending:
    return Ending(State.STOPPED, Status.DONE, sentence, short, **more)  # type: ignore[arg-type]


def _failure(sentence: str, short: str, **more: object) -> Ending:
    return Ending(State.FAILED, Status.FAILED, sentence, short, **more)  # type: ignore[arg-type]


CAUSES: Final[Mapping[Cause, Ending]] = MappingProxyType(
    {
        Cause.USER: _by_somebody("{who} stopped it{reason}.", "stopped by {short_who}"),
        Cause.ADMIN: _by_somebody(
            "{who} (administrator) stopped it{reason}.", "stopped by {short_who}"
        ),
        Cause.IDLE: _by_itself(
            "Nobody used it for {idle}, so it stopped. Files on drives are kept.",
            "idle for {idle}",
            fuller=("Nobody used it for {idle}, so it stopped at {at}. Files on drives are kept.",),
        ),
        Cause.LIFETIME: _by_itself(
            "It reached its longest life.",
            "longest life",
            fuller=("It reached its longest life of {lifetime}.",),
        ),
        Cause.EXITED: _by_itself(
            "The program inside ended by itself.",
            "ended by itself",
            fuller=("The program inside ended by itself (exit code {exit_code}).",),
        ),
        Cause.CRASHED: _failure(
            "{program} crashed ({exit}) {lived} after its start. Its last lines are below.",
            "crashed ({exit})",
            label="See the last lines",
            action="logs",
            fuller=("{program} crashed ({exit}) {lived} after its start: {detail}.",),
        ),
        Cause.OUT_OF_MEMORY: _failure(
            "{it} needed more memory than it may use.",
            "out of memory",
            fuller=("{it} needed more memory than its {memory}.",),
        ),
        Cause.EVICTED: _failure(
            "The cluster took it off its machine.",
            "evicted",
            fuller=(
                "Its machine ran short of {resource} and the cluster took it off.",
                "The cluster took it off its machine: {detail}.",
            ),
        ),
        Cause.NODE_LOST: _failure(
            "The machine it ran on went away.",
            "machine lost",
            fuller=("The machine it ran on went away: {detail}.",),
        ),
        Cause.IMAGE_PULL: _failure(
            "Its image could not be fetched.",
            "image not fetched",
            label="Change the image",
            action="clone",
            fuller=(
                "The image ‘{image}’ could not be fetched: {detail}.",
                "The image ‘{image}’ could not be fetched.",
                "Its image could not be fetched: {detail}.",
            ),
        ),
        Cause.UNSCHEDULABLE: _failure(
            "No machine could take it.",
            "no room",
            label="Choose a size that fits now",
            action="clone",
            fuller=(
                "No machine had room for {size} within {waited}.",
                "No machine had room for {size}.",
                "No machine could take it: {detail}.",
            ),
        ),
        Cause.VOLUME: _failure(
            "A drive could not be attached.",
            "drive not attached",
            label="Choose another drive",
            action="clone",
            fuller=(
                "The drive ‘{drive}’ could not be attached: {detail}.",
                "The drive ‘{drive}’ could not be attached.",
                "A drive could not be attached: {detail}.",
            ),
        ),
        Cause.QUOTA: _failure(
            "The limit of your team is used up.",
            "limit used up",
            label="See what is running",
            action="sessions",
            fuller=("The limit of your team is used up: {detail}.",),
        ),
        Cause.START_TIMEOUT: _failure(
            "It was not ready in time.",
            "not ready in time",
            fuller=(
                "It was not ready after {waited}. It got as far as {stage}.",
                "It was not ready after {waited}.",
            ),
        ),
        Cause.REFUSED: _failure(
            "It was not started.",
            "refused",
            label="Change this choice",
            action="clone",
            fuller=("It was not started: {detail}.",),
        ),
        Cause.BUDGET: _failure(
            "The billing project is used up.",
            "budget used up",
            label="Choose another billing project",
            action="clone",
            fuller=("The billing project ‘{project}’ is used up.",),
        ),
        Cause.SHUTDOWN: _by_itself(
            "The hub was stopped and took its sessions along. Files on drives are kept.",
            "hub stopped",
        ),
        Cause.OWNER_GONE: _by_itself(
            "Its owner was removed from the hub or blocked.", "owner removed"
        ),
        Cause.LOST: _failure(
            "It vanished without a report. Files on drives are kept.",
            "vanished",
            fuller=(
                "It vanished: {detail}. Files on drives are kept.",
                (
                    "It vanished without a report between {seen} and {missed}. "
                    "Files on drives are kept."
                ),
            ),
        ),
    }
)


def status_of(state: State, cause: Cause | None) -> Status:
    """Return the word that people see for a state; of an archived session its old one."""
    if state in PENDING:
        return Status.PENDING
    if state is State.RUNNING:
        return Status.IN_PROGRESS
    ending = CAUSES[cause] if cause else None
    if state is State.STOPPING:
        failing = ending is not None and ending.state is State.FAILED
        return Status.FAILING if failing else Status.CANCELLING
    if ending is None:
        return Status.FAILED if state is State.FAILED else Status.DONE
    if state is State.FAILED:
        return Status.FAILED
    return ending.status


def state_of_end(cause: Cause) -> State:
    """Return `stopped` or `failed`, whichever a session with this cause ends in."""
    return CAUSES[cause].state

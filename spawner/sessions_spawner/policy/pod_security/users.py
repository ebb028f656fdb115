"""Controls over the user that containers run as; since 1.35 not for pods in a user namespace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .control import Control, Finding
from .pod import Pod
from .system import USER_NAMESPACES_SINCE


def run_as_non_root(pod: Pod, minor: int) -> Iterator[Finding]:
    """Find containers that need not run as another user than root."""
    if _is_forgiven(pod, minor):
        return
    whole = pod.spec.at("securityContext", "runAsNonRoot")
    if not (whole.is_unset or whole.is_true):
        yield whole, "Set runAsNonRoot to true."
    for context in pod.container_contexts():
        own = context.at("runAsNonRoot")
        if not (whole if own.is_unset else own).is_true:
            where = " here or for the whole pod" if own.is_unset else ""
            yield own, f"Set runAsNonRoot to true{where}."


def run_as_user(pod: Pod, minor: int) -> Iterator[Finding]:
    """Find root as the user of a pod or a container."""
    if _is_forgiven(pod, minor):
        return
    for context in pod.contexts():
        user = context.at("runAsUser")
        if not (user.is_unset or user.number):
            yield user, "Set runAsUser to the number of another user than root, or leave it out."


def _is_forgiven(pod: Pod, minor: int) -> bool:
    return minor >= USER_NAMESPACES_SINCE and pod.has_own_users


CONTROLS: Final = (
    Control("runAsNonRoot", "restricted", run_as_non_root),
    Control("runAsUser", "restricted", run_as_user, since=23),
)

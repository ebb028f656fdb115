"""Controls over what a container may do: privileged mode, escalation, capabilities."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .control import Control, Finding
from .node import Node
from .pod import Pod

# Exempt from what Windows has no notion of, once the API refuses those fields there.
WINDOWS_IS_EXEMPT_SINCE: Final = 25

DEFAULT_CAPABILITIES: Final = (
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
)


def privileged(pod: Pod, _minor: int) -> Iterator[Finding]:
    """Find privileged containers."""
    for context in pod.container_contexts():
        mode = context.at("privileged")
        if not (mode.is_unset or mode.is_false):
            yield mode, "Set privileged to false, or leave it out."


def privilege_escalation(pod: Pod, minor: int) -> Iterator[Finding]:
    """Find containers that do not forbid privilege escalation."""
    if is_exempt_windows(pod, minor):
        return
    for context in pod.container_contexts():
        allowed = context.at("allowPrivilegeEscalation")
        if not allowed.is_false:
            yield allowed, "Set allowPrivilegeEscalation to false."


def capabilities_baseline(pod: Pod, _minor: int) -> Iterator[Finding]:
    """Find added capabilities beyond those of a container runtime's default."""
    for context in pod.container_contexts():
        for added in context.at("capabilities", "add").each():
            if not added.is_one_of(DEFAULT_CAPABILITIES):
                yield added, f"Add no capability but these: {', '.join(DEFAULT_CAPABILITIES)}."


def capabilities_restricted(pod: Pod, minor: int) -> Iterator[Finding]:
    """Find containers that keep capabilities, or add another than binding low ports."""
    if is_exempt_windows(pod, minor):
        return
    for context in pod.container_contexts():
        yield from _kept(context.at("capabilities", "drop"))
        for added in context.at("capabilities", "add").each():
            if not added.is_one_of(("NET_BIND_SERVICE",)):
                yield added, "Add no capability but NET_BIND_SERVICE."


def _kept(drop: Node) -> Iterator[Finding]:
    dropped = tuple(drop.each())
    if not any(one.is_one_of(("ALL",)) for one in dropped):
        yield drop, 'Set capabilities.drop to ["ALL"].'
    for one in dropped:
        if one.text is None and not one.wrong:
            yield one, "Write the capability to drop as text."


def is_exempt_windows(pod: Pod, minor: int) -> bool:
    """Tell whether a pod is exempt from the restricted controls that only Linux has."""
    return minor >= WINDOWS_IS_EXEMPT_SINCE and pod.is_windows


CONTROLS: Final = (
    Control("privileged", "baseline", privileged),
    Control("capabilities_baseline", "baseline", capabilities_baseline),
    Control("allowPrivilegeEscalation", "restricted", privilege_escalation, since=8),
    Control(
        "capabilities_restricted",
        "restricted",
        capabilities_restricted,
        since=22,
        overrides="capabilities_baseline",
    ),
)

"""Controls over seccomp profiles: by annotation before 1.19, by field since."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .control import Control, Finding
from .node import Node
from .pod import Pod
from .privileges import is_exempt_windows

FIELD_SINCE: Final = 19
POD_ANNOTATION: Final = "seccomp.security.alpha.kubernetes.io/pod"
CONTAINER_ANNOTATION: Final = "container.seccomp.security.alpha.kubernetes.io/"
TYPES: Final = ("RuntimeDefault", "Localhost")
_SENTENCE: Final = "Set the seccomp profile's type to RuntimeDefault or Localhost."


def seccomp_baseline(pod: Pod, minor: int) -> Iterator[Finding]:
    """Find seccomp profiles that switch the runtime's own off."""
    if minor < FIELD_SINCE:
        yield from _seccomp_annotations(pod)
        return
    for context in pod.contexts():
        profile = context.at("seccompProfile")
        if not (profile.is_unset or _is_good(profile)):
            yield profile.at("type"), _SENTENCE


def _seccomp_annotations(pod: Pod) -> Iterator[Finding]:
    """Find annotations of the pod, and of containers that it has, with a profile not allowed."""
    names = [container.at("name") for container in pod.containers()]
    yield from (
        (name, "Write the container's name as text.") for name in names if name.text is None
    )
    keys = {POD_ANNOTATION, *(f"{CONTAINER_ANNOTATION}{name.text}" for name in names)}
    for note in pod.annotations.keys_where(keys.__contains__):
        named = note.text
        is_default = named in {"runtime/default", "docker/default"}
        if named is None or not (is_default or named.startswith("localhost/")):
            yield note, "Set this annotation to runtime/default or localhost/NAME, or remove it."


def seccomp_restricted(pod: Pod, minor: int) -> Iterator[Finding]:
    """Find containers without a seccomp profile of their own or the pod's, and bad profiles."""
    if is_exempt_windows(pod, minor):
        return
    whole = pod.spec.at("securityContext", "seccompProfile")
    if not (whole.is_unset or _is_good(whole)):
        yield whole.at("type"), _SENTENCE
    for context in pod.container_contexts():
        own = context.at("seccompProfile")
        if not _is_good(whole if own.is_unset else own):
            where = "here or for the whole pod" if own.is_unset else "here"
            yield own.at("type"), f"Set it to RuntimeDefault or Localhost, {where}."


def _is_good(profile: Node) -> bool:
    return profile.at("type").is_one_of(TYPES)


CONTROLS: Final = (
    Control("seccompProfile_baseline", "baseline", seccomp_baseline),
    Control(
        "seccompProfile_restricted",
        "restricted",
        seccomp_restricted,
        since=FIELD_SINCE,
        overrides="seccompProfile_baseline",
    ),
)

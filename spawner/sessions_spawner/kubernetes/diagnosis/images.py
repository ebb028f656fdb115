"""Why an image could not be fetched, in the registry's and the kubelet's words."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from .containers import Container
from .finding import Verdict
from .words import clean
from .world import World

_SILENT: Final = "the registry does not answer"
# Reason of a waiting container → words, and whether it is final. An image's name, pull policy and
# signature do not change by themselves; what a machine could not read it may read later.
_REASONS: Final = {
    "InvalidImageName": ("that is not the name of an image", True),
    "ErrImageNeverPull": ("its machine does not have it and may not fetch it", True),
    "SignatureValidationFailed": ("its signature is not valid", True),
    "RegistryUnavailable": (_SILENT, False),
    "ImageInspectError": ("its machine cannot read it", False),
}
_PULLS: Final = frozenset({"ErrImagePull", "ImagePullBackOff"})
IMAGE_REASONS: Final = _PULLS | set(_REASONS)
_NO_ANSWER: Final = (
    r"connection refused|no such host|i/o timeout|TLS handshake timeout|server misbehaving"
    r"|network is unreachable|no route to host|deadline exceeded|\b50[0234]\b|\bEOF\b"
)
# What a registry answered → words, and whether it is final: a registry that knows the image, or
# knows who asks, only after somebody did something is; silence, load and a full disk pass.
_ANSWERS: Final = (
    (
        _NO_ANSWER,
        _SILENT,
        False,
    ),
    (r"toomanyrequests|too many requests|\b429\b|rate limit", "the registry is too busy", False),
    (r"no space left", "the disk of its machine is full", False),
    (r"x509|HTTP response to HTTPS", "the registry's certificate is not trusted", False),
    (r"no match for platform|no matching manifest", "it is for another kind of machine", True),
    (
        r"may require|insufficient_scope|requested access to the resource is denied",
        "the registry does not know it or asks for a sign-in",
        True,
    ),
    (
        r"unauthorized|authentication required|authorization|forbidden|no basic auth|\b40[13]\b",
        "the registry asks for a sign-in",
        True,
    ),
    (
        r"not found|manifest unknown|name unknown|does not exist|\b404\b",
        "the registry does not know it",
        True,
    ),
)


def judge_image(world: World, container: Container) -> Verdict:
    """Return the verdict on a container that waits for its image."""
    verdict = Verdict("image-pull", words=world.words_of(container))
    if container.image:
        verdict = replace(verdict, words={**verdict.words, "image": clean(container.image)})
    if container.waiting in _REASONS:
        detail, is_final = _REASONS[container.waiting]
    else:
        detail, is_final = _read_answer(_message_of(world, container))
    return replace(verdict, detail=detail, is_final=is_final)


def _message_of(world: World, container: Container) -> str:
    """Return what the last try said: while the kubelet waits, only its event says it."""
    tries = world.events_with("Failed", container=container.name)
    pulls = (one.message for one in tries if "pull image" in one.message)
    if container.waiting == "ImagePullBackOff" and "ErrImagePull:" not in container.message:
        return next(pulls, container.message)
    return container.message or next(pulls, "")


def _read_answer(message: str) -> tuple[str, bool]:
    for pattern, words, is_final in _ANSWERS:
        if re.search(pattern, message[:4000], re.IGNORECASE):
            return words, is_final
    return clean(message).rstrip(".") or "no reason was given", False

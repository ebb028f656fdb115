"""What a pod names and the cluster or the image does not have: said in a sentence."""

from __future__ import annotations

import re
from typing import Final

from .finding import Verdict
from .words import clean

# A hook may make a secret right after its pod; by its third try the kubelet knows it.
SURE_AFTER: Final = 3
_MISSING: Final = re.compile(r'\b(secret|configmap) "([^"]{1,253})" not found')
_NO_KEY: Final = re.compile(
    r"couldn't find key (\S{1,253}) in (Secret|ConfigMap) [^/\s]*/(\S{1,253})"
)
_NO_VOLUME_KEY: Final = re.compile(r"references non-existent (secret|config) key: (\S{1,253})")
_KINDS: Final = {"secret": "secret", "configmap": "config map", "config": "config map"}
_NO_PROGRAM: Final = re.compile(
    r'(?:stat |exec: ")([^\s":]{1,200})"?:.*(?:no such file|not found|permission denied)'
)


def try_reference(message: str, times: int) -> Verdict | None:
    """Return the verdict on a Secret or ConfigMap that is not there, said some times over."""
    is_final = times >= SURE_AFTER
    if found := _MISSING.search(message):
        kind, name = _KINDS[found[1]], found[2]
        said = f"The {kind} ‘{name}’ is not in the cluster; choose another or have it made."
    elif found := _NO_KEY.search(message):
        kind = _KINDS[found[2].lower()]
        said = f"The {kind} ‘{found[3]}’ has no key ‘{found[1]}’; choose another or have it added."
    elif found := _NO_VOLUME_KEY.search(message):
        kind = _KINDS[found[1]]
        said = f"A chosen {kind} has no key ‘{found[2]}’; choose another or have it added."
    else:
        return None
    return Verdict("refused", clean(said), is_final, is_settling=True)


def judge_setup(reason: str, message: str, times: int) -> Verdict:
    """Return the verdict on a container that could not be made or whose program not be started.

    Final is only what no later try of the kubelet can change: user, command and image stay.
    """
    if missing := try_reference(message, times):
        return missing
    if "verify user is non-root" in message:
        said = "The image names its user by no number, which may be root; choose another image."
        return Verdict("refused", said, is_final=True)
    if "runAsNonRoot" in message:
        said = "The image would run as root, which is not allowed here; choose another image."
        return Verdict("refused", said, is_final=True)
    if "no command specified" in message:
        said = "The image does not say what to run; choose another image."
        return Verdict("refused", said, is_final=True)
    if found := _NO_PROGRAM.search(message):
        said = f"The image has no program ‘{clean(found[1], 80)}’; choose another image."
        return Verdict("refused", said, is_final=True)
    said = clean(message, 150).rstrip(".") or clean(reason, 60) or "no reason was given"
    return Verdict("refused", f"Its machine could not set it up: {said}.")

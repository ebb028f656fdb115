"""Controls over AppArmor profiles and SELinux labels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .control import Control, Finding
from .pod import Pod

APPARMOR_ANNOTATION: Final = "container.apparmor.security.beta.kubernetes.io/"
APPARMOR_TYPES: Final = ("RuntimeDefault", "Localhost")
SELINUX_TYPES: Final = ("", "container_t", "container_init_t", "container_kvm_t")
SELINUX_ENGINE_SINCE: Final = 31


def app_armor_profile(pod: Pod, _minor: int) -> Iterator[Finding]:
    """Find AppArmor profiles that switch the runtime's own off, by field or by annotation."""
    for context in pod.contexts():
        profile = context.at("appArmorProfile")
        kind = profile.at("type")
        if not (profile.is_unset or kind.is_one_of(APPARMOR_TYPES)):
            yield kind, "Set the AppArmor profile's type to RuntimeDefault or Localhost."
    for note in pod.annotations.keys_where(lambda key: key.startswith(APPARMOR_ANNOTATION)):
        named = note.text
        if named is None or not (
            named in {"", "runtime/default"} or named.startswith("localhost/")
        ):
            yield note, "Set this annotation to runtime/default or localhost/NAME, or remove it."


def selinux_options(pod: Pod, minor: int) -> Iterator[Finding]:
    """Find SELinux types beyond those of containers, and any user or role."""
    engine = ("container_engine_t",) if minor >= SELINUX_ENGINE_SINCE else ()
    types = (*SELINUX_TYPES, *engine)
    for context in pod.contexts():
        options = context.at("seLinuxOptions")
        if not options.at("type").is_one_of(types):
            offered = ", ".join(types[1:])
            yield options.at("type"), f"Use one of these SELinux types, or none: {offered}."
        for name in ("user", "role"):
            if not options.at(name).is_one_of(("",)):
                yield options.at(name), f"Leave the SELinux {name} out."


CONTROLS: Final = (
    Control("appArmorProfile", "baseline", app_armor_profile),
    Control("seLinuxOptions", "baseline", selinux_options),
)

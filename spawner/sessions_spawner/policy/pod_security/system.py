"""Controls over the kernel's interfaces: the mount of /proc, and sysctls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .control import Control, Finding
from .pod import Pod

# Since which minor version of the policy each is safe.
SAFE_SYSCTLS: Final = {
    "kernel.shm_rmid_forced": 0,
    "net.ipv4.ip_local_port_range": 0,
    "net.ipv4.ip_unprivileged_port_start": 0,
    "net.ipv4.ping_group_range": 0,
    "net.ipv4.tcp_syncookies": 0,
    "net.ipv4.ip_local_reserved_ports": 27,
    "net.ipv4.tcp_fin_timeout": 29,
    "net.ipv4.tcp_keepalive_intvl": 29,
    "net.ipv4.tcp_keepalive_probes": 29,
    "net.ipv4.tcp_keepalive_time": 29,
    "net.ipv4.tcp_rmem": 32,
    "net.ipv4.tcp_wmem": 32,
    "net.ipv4.tcp_notsent_lowat": 37,
    "net.ipv4.tcp_slow_start_after_idle": 37,
}
USER_NAMESPACES_SINCE: Final = 35


def proc_mount_baseline(pod: Pod, minor: int) -> Iterator[Finding]:
    """Find an unmasked /proc, since 1.35 only outside a user namespace."""
    if minor < USER_NAMESPACES_SINCE or not pod.has_own_users:
        yield from proc_mount_restricted(pod, minor)


def proc_mount_restricted(pod: Pod, _minor: int) -> Iterator[Finding]:
    """Find an unmasked /proc."""
    for context in pod.container_contexts():
        mount = context.at("procMount")
        if not (mount.is_unset or mount.is_one_of(("Default",))):
            yield mount, "Set procMount to Default, or leave it out."


def sysctls(pod: Pod, minor: int) -> Iterator[Finding]:
    """Find sysctls that are not safe."""
    safe = [name for name, since in SAFE_SYSCTLS.items() if since <= minor]
    for sysctl in pod.spec.at("securityContext", "sysctls").each():
        if not sysctl.at("name").is_one_of(safe):
            yield sysctl.at("name"), f"Set no sysctl but these: {', '.join(sorted(safe))}."


CONTROLS: Final = (
    Control("procMount", "baseline", proc_mount_baseline),
    Control("sysctls", "baseline", sysctls),
    Control(
        "procMount_restricted",
        "restricted",
        proc_mount_restricted,
        since=USER_NAMESPACES_SINCE,
        overrides="procMount",
    ),
)

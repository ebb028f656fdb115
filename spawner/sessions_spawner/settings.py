"""The administrator's settings: small Configurables, one a concern."""

from __future__ import annotations

from typing import Any

from traitlets import Bool, Integer, List, TraitError, Unicode, validate
from traitlets.config import Configurable

from .cluster_settings import PodRules, SessionOffers
from .drive_settings import SessionDrives
from .page_settings import SessionsPage
from .request.quantities import check_quantity

# Names that change how a session itself runs (security decisions, smaller rules).
ENV_REFUSED = (
    "JUPYTERHUB_*",
    "JPY_*",
    "JUPYTER_*",
    "SESSIONS_*",
    "LD_*",
    "PYTHON*",
    "BASH_ENV",
    "ENV",
    "NODE_OPTIONS",
    "GIT_*",
    "IPYTHONDIR",
    "HOME",
    "PATH",
    "SHELL",
    "USER",
    "LOGNAME",
    "XDG_*",
    "*_PROXY",
    "*_proxy",
)


LEAST_IDLE_SECONDS = 60


class SessionLimits(Configurable):
    """How much one person may have at a time."""

    running = Integer(
        10,
        min=0,
        help="Set how many sessions of one person may be pending or running at a time. "
        "The default lets a person work on a few things without filling a machine. "
        "Example: ``c.SessionLimits.running = 3``.",
    ).tag(config=True)
    drives = Integer(
        20,
        min=1,
        help="Set how many drives one person may have, the default drive included. "
        "Example: ``c.SessionLimits.drives = 5``.",
    ).tag(config=True)
    requests_per_second = Integer(
        200,
        min=1,
        allow_none=True,
        help="Set how many requests a second one person's programs and pages may send to the "
        "service; ten seconds' worth may come at once, more is answered with 429 and "
        "`Retry-After`. The default is far above what pages need, and leaves a busy service "
        "to the others; None sets no limit. "
        "Example: ``c.SessionLimits.requests_per_second = 50``.",
    ).tag(config=True)
    cpu = Unicode(
        None,
        allow_none=True,
        help="Set the most CPU that one session may ask for, as a Kubernetes quantity; None leaves "
        "it to the machine. Example: ``c.SessionLimits.cpu = '8'``.",
    ).tag(config=True)
    memory = Unicode(
        None,
        allow_none=True,
        help="Set the most memory that one session may ask for, as a Kubernetes quantity; None "
        "leaves it to the machine. Example: ``c.SessionLimits.memory = '32Gi'``.",
    ).tag(config=True)
    lifetime_seconds = Integer(
        None,
        allow_none=True,
        min=60,
        help="Set the longest life that a session may have, in seconds from when it is ready; "
        "whoever asks for none gets this one. None sets no bound. "
        "Example: ``c.SessionLimits.lifetime_seconds = 604800``.",
    ).tag(config=True)

    @validate("cpu", "memory")
    def _check_quantity(self, proposal: dict[str, Any]) -> str | None:
        value: str | None = proposal["value"]
        if value is not None:
            try:
                check_quantity(value)
            except ValueError as error:
                name = proposal["trait"].name
                raise TraitError(f"c.SessionLimits.{name} = {value!r}: {error}") from None
        return value


class IdleTimeouts(Configurable):
    """When an unused session ends."""

    presets = List(
        Integer(),
        [900, 1800, 3600, 7200, 43_200, 86_400, -1],
        help="List the idle timeouts that the form offers, in seconds; -1 is never. "
        "Example: ``c.IdleTimeouts.presets = [900, 3600]``.",
    ).tag(config=True)
    default_seconds = Integer(
        900,
        min=60,
        help="Set the idle timeout of a request that names none, in seconds. The default frees "
        "forgotten sessions within a coffee break. "
        "Example: ``c.IdleTimeouts.default_seconds = 3600``.",
    ).tag(config=True)
    max_seconds = Integer(
        None,
        allow_none=True,
        min=60,
        help="Set the longest idle timeout that may be chosen, in seconds; None sets no bound. "
        "A bound rules out ‘never’, shortens the default, and ‘Keep running’ goes no further. "
        "Example: ``c.IdleTimeouts.max_seconds = 86400``.",
    ).tag(config=True)
    may_be_never = Bool(
        True,
        help="Allow sessions that never stop by themselves. "
        "Example: ``c.IdleTimeouts.may_be_never = False``.",
    ).tag(config=True)
    extend_max_seconds = Integer(
        86_400,
        min=60,
        help="Set how far ahead a session can be kept running by ‘Keep running’, in seconds. "
        "The default is a day. Example: ``c.IdleTimeouts.extend_max_seconds = 14400``.",
    ).tag(config=True)

    @property
    def default_within(self) -> int:
        """The idle timeout of a request that names none, within the bound."""
        return min(self.default_seconds, self.max_seconds or self.default_seconds)

    @property
    def extend_within(self) -> int:
        """How far ahead a session can be kept running: unused no longer than the bound."""
        return min(self.extend_max_seconds, self.max_seconds or self.extend_max_seconds)

    @property
    def may_be_unbounded(self) -> bool:
        """Whether a session may run without an idle timeout."""
        return self.may_be_never and self.max_seconds is None

    @validate("presets")
    def _check_presets(self, proposal: dict[str, Any]) -> list[int]:
        value: list[int] = proposal["value"]
        wrong = [one for one in value if one != -1 and one < LEAST_IDLE_SECONDS]
        if wrong or not value:
            raise TraitError(
                f"c.IdleTimeouts.presets = {value!r}: list at least one idle timeout, each of "
                f"{LEAST_IDLE_SECONDS} seconds or more, or -1 for never."
            )
        return value


class SessionPolicy(Configurable):
    """What people may put into a session, and how far they trust each other."""

    users_trust_each_other = Bool(
        False,
        help="Say that all users of this hub trust each other. Needed where every session shares "
        "one address, or one system user: there a session can act as its visitor. "
        "Example: ``c.SessionPolicy.users_trust_each_other = True``.",
    ).tag(config=True)
    env_refused = List(
        Unicode(),
        list(ENV_REFUSED),
        help="List patterns of variable names that a request may not set. The default refuses "
        "names that change how the session itself runs. "
        "Example: ``c.SessionPolicy.env_refused = ['JUPYTERHUB_*', 'AWS_*']``.",
    ).tag(config=True)
    email_suffix = Unicode(
        "",
        help="Set what makes a user's name into an e-mail address, such as ``@example.org``. Empty "
        "takes names that are addresses already, and no others. "
        "Example: ``c.SessionPolicy.email_suffix = '@example.org'``.",
    ).tag(config=True)
    drive_grace_seconds = Integer(
        7 * 86_400,
        min=0,
        help="Set how long a deleted drive can be restored, in seconds. The default is a week. "
        "Example: ``c.SessionPolicy.drive_grace_seconds = 86400``.",
    ).tag(config=True)


class SessionsLink(Configurable):
    """How the service keeps up with the hub."""

    reconcile_seconds = Integer(
        30,
        min=1,
        help="Set how often the service compares its records with the hub, in seconds. The "
        "default repairs within half a minute what no report told. "
        "Example: ``c.SessionsLink.reconcile_seconds = 10``.",
    ).tag(config=True)
    hub_calls = Integer(
        10,
        min=1,
        max=100,
        help="Set how many calls to the hub may be open at a time. More deafen the hub in a "
        "burst of starts. Example: ``c.SessionsLink.hub_calls = 20``.",
    ).tag(config=True)


SETTINGS: tuple[type[Configurable], ...] = (
    SessionLimits,
    IdleTimeouts,
    SessionPolicy,
    SessionsLink,
    SessionsPage,
    SessionOffers,
    PodRules,
    SessionDrives,
)

"""The administrator's settings of what is offered to sessions, and of what a pod may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from traitlets import Bool, Dict, Enum, List, TraitError, Unicode, validate
from traitlets.config import Config, Configurable

from .policy.overrides.defaults import default_rules
from .policy.overrides.patterns import RuleError
from .policy.overrides.rules import Rules, make_rules
from .policy.pod_policy import PodPolicy
from .policy.pod_security import Level, parse_minor
from .request.labelled_accounts import LABEL_PREFIX
from .request.offer_settings import read_offers
from .request.offers import BadOffer, Offers

# Labels and annotations under this are the user's; none of ours lies there.
USERS_PREFIX: Final = f"user.{LABEL_PREFIX}"
_NOTEBOOK: Final = "notebook"


class SessionOffers(Configurable):
    """What people may attach to their sessions, by name; nothing else can be attached."""

    secrets = Dict(
        help="Offer Kubernetes Secrets by name: `secret` (default: the name), `title`, "
        "`description`, `groups` (default: everybody), `env` as variable → key, `files`, `keys`, "
        "`path` below the home folder, `mode`. Their values are never read. "
        "Example: ``c.SessionOffers.secrets = {'warehouse': {'env': {'DB_PASSWORD': 'pw'}}}``.",
    ).tag(config=True)
    service_accounts = Dict(
        help="Offer Kubernetes service accounts by name, with `title`, `description` and `groups`. "
        "Example: ``c.SessionOffers.service_accounts = {'trainer': {'groups': ['ml']}}``.",
    ).tag(config=True)
    labelled_accounts = Bool(
        False,
        help="Offer every service account of the namespace that has the label "
        f"``{LABEL_PREFIX}/offered=true`` too; its annotations ``{LABEL_PREFIX}/title``, "
        "``/description`` and ``/groups`` say to whom. "
        "Example: ``c.SessionOffers.labelled_accounts = True``.",
    ).tag(config=True)
    cloud_sql = Dict(
        help="Offer Cloud SQL instances by connection name: `engine`, `port`, `private_ip`, "
        "`iam_login`, `credentials` (a Secret) or `service_account`, `variables` (the prefix of "
        "the connection's variables, such as PG), `user`, `database`, `title`, `groups`. Example: "
        "``c.SessionOffers.cloud_sql = {'shop:europe-west1:main': {'variables': 'PG'}}``.",
    ).tag(config=True)
    billing_projects = Dict(
        help="Offer billing projects by their ids, with `title`, `description` and `groups` "
        "(default: everybody): who pays for a session, as its pod's label "
        f"``{LABEL_PREFIX}/billing-project`` and the list say. Local sessions have them too. "
        "Example: ``c.SessionOffers.billing_projects = {'ml-q4': {'groups': ['ml']}}``.",
    ).tag(config=True)
    images = List(
        Unicode(),
        help="List patterns of images that people with the scope "
        "``custom:sessions:custom-image`` may choose; none allows no image of one's own. "
        "Example: ``c.SessionOffers.images = ['registry.example.org/team/*']``.",
    ).tag(config=True)
    gpu = Dict(
        help="Name the cluster's resource for GPUs and how many of them a session may have; empty "
        "offers none. "
        "Example: ``c.SessionOffers.gpu = {'resource': 'nvidia.com/gpu', 'most': 2}``.",
    ).tag(config=True)
    cloud_sql_proxy = Dict(
        help="Set `image`, `health_port`, `cpu` and `memory` of the Cloud SQL Auth Proxy; the "
        "default is its own image without bounds. Example: "
        "``c.SessionOffers.cloud_sql_proxy = {'image': 'registry.example.org/sql-proxy:2.27.0'}``.",
    ).tag(config=True)

    udp = Bool(
        False,
        help="Let people open UDP ports too. UDP ports reach only programs inside the cluster. "
        "Example: ``c.SessionOffers.udp = True``.",
    ).tag(config=True)

    @validate(
        *("secrets", "service_accounts", "billing_projects", "images", "gpu", "cloud_sql_proxy")
    )
    def _check_offer(self, proposal: dict[str, Any]) -> Any:
        name, value = proposal["trait"].name, proposal["value"]
        given: dict[str, Any] = {name: value} if value else {}
        try:
            read_offers(**given)
        except BadOffer as error:
            raise TraitError(f"c.SessionOffers.{name}: {error}") from None
        return value

    def read(
        self, own_ports: tuple[int, ...] = (), labelled: Mapping[str, Any] | None = None
    ) -> Offers:
        """Return the offers to everybody; `own_ports` are the session's own programs'.

        `labelled` are further service accounts; one that is set here too is as it is set here.
        Raises `BadOffer`.
        """
        return read_offers(
            secrets=self.secrets,
            service_accounts={**(labelled or {}), **self.service_accounts},
            cloud_sql=self.cloud_sql,
            billing_projects=self.billing_projects,
            images=list(self.images),
            gpu=self.gpu or None,
            cloud_sql_proxy=self.cloud_sql_proxy,
            own_ports=own_ports,
            udp=self.udp,
        )

    def read_for_processes(self) -> Offers:
        """Return what can be offered to sessions that are no pods. Raises `BadOffer`."""
        return read_offers(billing_projects=self.billing_projects)


class PodRules(Configurable):
    """What a session's pod may be, and what people with the scope may change in it."""

    level = Enum(
        ("privileged", "baseline", "restricted"),
        "baseline",
        help="Choose the level of the Pod Security Standards that every session's pod has to "
        "pass before it is sent. Example: ``c.PodRules.level = 'restricted'``.",
    ).tag(config=True)
    version = Unicode(
        "latest",
        help="Name the version of the Pod Security Standards, such as ``v1.34``. "
        "Example: ``c.PodRules.version = 'v1.34'``.",
    ).tag(config=True)
    exempt = List(
        Unicode(),
        help="Name the environments whose pods, as the administrator set them, need not pass "
        "`level`; user YAML may not add to what they break. "
        "Example: ``c.PodRules.exempt = ['fuse']``.",
    ).tag(config=True)
    allow: List[Any] = List(
        help="List places of a pod that user YAML may change, as a path or as "
        "``{'path': ..., 'values': [...]}``; by default resources within the limits, offered node "
        f"selectors, variables, and labels and annotations under ``{USERS_PREFIX}/``. "
        "Example: ``c.PodRules.allow = ['spec.containers[*]', "
        "{'path': 'spec.priorityClassName', 'values': ['low']}]``.",
    ).tag(config=True)
    deny = List(
        Unicode(),
        help="List places of a pod that user YAML may never change, whatever is allowed. "
        "Example: ``c.PodRules.deny = ['spec.containers[*].lifecycle']``.",
    ).tag(config=True)
    force = Dict(
        help="Set places of a pod, by path, after user YAML; None empties a place. "
        "Example: ``c.PodRules.force = {'spec.shareProcessNamespace': False}``.",
    ).tag(config=True)
    cap = Dict(
        help="Bound quantities and whole numbers that user YAML may set, by path. "
        "Example: ``c.PodRules.cap = {'spec.terminationGracePeriodSeconds': 60}``.",
    ).tag(config=True)
    node_selectors = Dict(
        help="Offer node labels that user YAML may select by, with their values. "
        "Example: ``c.PodRules.node_selectors = {'disk': ['ssd', 'hdd']}``.",
    ).tag(config=True)
    references = Dict(
        help="Name what user YAML may refer to besides what is offered, by kind, as shell-style "
        "patterns. Example: ``c.PodRules.references = {'ConfigMap': ['team-*']}``.",
    ).tag(config=True)

    @validate("version")
    def _check_version(self, proposal: dict[str, Any]) -> str:
        version: str = proposal["value"]
        try:
            parse_minor(version)
        except ValueError as error:
            raise TraitError(f"c.PodRules.version: {error}") from None
        return version

    def read(self, bounds: Mapping[str, str], env_refused: tuple[str, ...]) -> PodPolicy:
        """Return the policy; `bounds` are the most that one session may have, by resource.

        Raises `RuleError` for a rule that can never match.
        """
        default = default_rules(
            _NOTEBOOK,
            USERS_PREFIX,
            bounds=bounds,
            node_selectors=self.node_selectors,
            env_refused=env_refused,
        )
        own = make_rules(self.allow, self.deny, self.force, self.cap)
        return PodPolicy(
            level=cast("Level", self.level),
            version=self.version,
            exempt=frozenset(self.exempt),
            rules=Rules(
                allow=(*default.allow, *own.allow),
                deny=(*default.deny, *own.deny),
                force=own.force,
                cap=(*default.cap, *own.cap),
            ),
            bounds=dict(bounds),
            references={kind: tuple(names) for kind, names in self.references.items()},
        )


def wrong_together(config: Config) -> list[str]:
    """Return what is wrong with settings that are each right by themselves, one sentence each."""
    try:
        SessionOffers(config=config).read()
        PodRules(config=config).read({}, ())
    except BadOffer as error:
        return [f"c.SessionOffers: {error}"]
    except RuleError as error:
        return [f"c.PodRules: {error}"]
    return []

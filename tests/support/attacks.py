"""User YAML that tries to get out: every attack with the place where it has to be refused.

The table is in `tests/unit/policy/attacks`, a file a subject; each attack is a text as somebody
would send it as `pod_overrides`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from sessions_spawner.policy.overrides.defaults import default_rules
from sessions_spawner.policy.overrides.pod_fields import fields_of
from sessions_spawner.policy.overrides.rules import Rules, make_rules
from sessions_spawner.policy.pod_policy import PodPolicy
from sessions_spawner.policy.pod_yaml import read_pod_yaml

TABLE: Final = Path(__file__).parent.parent / "unit" / "policy" / "attacks"
USERS_PREFIX: Final = "user.jupyterhub-sessions"
# What a hub offers that sets little beside what is there by default.
BOUNDS: Final = {"cpu": "4", "memory": "8Gi"}
NODE_SELECTORS: Final = {"disk": ("ssd", "hdd")}
ENV_REFUSED: Final = ("JUPYTERHUB_*", "JPY_*", "LD_*", "PYTHON*", "BASH_ENV", "ENV", "PATH", "HOME")


@dataclass(frozen=True)
class Attack:
    """A text, and the place of the pod by which it has to be refused."""

    subject: str
    name: str
    yaml: str
    at: str

    @property
    def patch(self) -> dict[str, Any]:
        """What the text says."""
        return read_pod_yaml(self.yaml).value


def read_attacks() -> Iterator[Attack]:
    """Give every attack of the table."""
    for file in sorted(TABLE.glob("*.yaml")):
        for entry in yaml.safe_load(file.read_text(encoding="utf-8")):
            yield Attack(file.stem, **entry)


def rules_by_default() -> Rules:
    """Return the default rules of such a hub."""
    return default_rules(
        "notebook",
        USERS_PREFIX,
        bounds=BOUNDS,
        node_selectors=NODE_SELECTORS,
        env_refused=ENV_REFUSED,
    )


def open_policy() -> PodPolicy:
    """Return the policy of an administrator who allows every field that can be allowed."""
    default = rules_by_default()
    fields = [f"spec.{field}" for field in fields_of("PodSpec")]
    opened = make_rules(allow=[*fields, "metadata.labels", "metadata.annotations"])
    rules = Rules((*default.allow, *opened.allow), default.deny, (), default.cap)
    return PodPolicy(rules=rules, bounds=BOUNDS)

"""The hub's rights where sessions run, those of `deploy/base/sessions`, and what each is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True)
class Right:
    """A verb on a resource, such as `pods` or `pods/log`; `group` is empty for the core API.

    `breaks` says what goes wrong without it.
    """

    verb: str
    resource: str
    breaks: str = ""
    group: str = ""

    def __str__(self) -> str:
        return f"{self.verb} {self.resource}"

    def to_attributes(self, namespace: str) -> dict[str, Any]:
        """Return it as a SelfSubjectAccessReview asks for it."""
        resource, _, part = self.resource.partition("/")
        asked = {"namespace": namespace, "verb": self.verb, "group": self.group}
        return asked | {"resource": resource} | ({"subresource": part} if part else {})


LIST_PODS: Final = Right("list", "pods", "no session starts, and none that runs is known")
LIST_CLAIMS: Final = Right(
    "list", "persistentvolumeclaims", "a start that waits for its drive does not say so"
)
# Needed only where service accounts are offered by their label.
LIST_ACCOUNTS: Final = Right(
    "list", "serviceaccounts", "service accounts cannot be offered by their label"
)
RIGHTS: Final = (
    Right("create", "pods", "no session starts"),
    Right("get", "pods", "a start that the cluster did not answer may leave its pod behind"),
    LIST_PODS,
    Right("watch", "pods", "no start is seen to be ready, and no end is noticed"),
    Right("delete", "pods", "sessions that are stopped run on"),
    Right(
        "get",
        "pods/log",
        "no session's log can be read, and one that failed does not show its last lines",
    ),
    Right("list", "events", "a session that does not start does not say why"),
    Right("create", "persistentvolumeclaims", "no session with a new drive starts"),
    Right("get", "persistentvolumeclaims", "no session with a drive starts"),
    LIST_CLAIMS,
    Right("patch", "persistentvolumeclaims", "no drive grows, and no claim is adopted"),
    Right("delete", "persistentvolumeclaims", "the claims of deleted drives stay"),
    Right("create", "secrets", "no session starts"),
    Right("patch", "secrets", "no session starts"),
    Right("delete", "secrets", "a start that failed leaves its Secret behind"),
    Right("create", "services", "no session with open ports starts"),
    LIST_ACCOUNTS,
)
# Not among the hub's: used where somebody gave it all the same.
READ_CLASSES: Final = Right("get", "storageclasses", group="storage.k8s.io")

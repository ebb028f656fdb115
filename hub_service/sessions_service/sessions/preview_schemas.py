"""What previews and the pods of sessions take and answer."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


class PodQuery(BaseModel):
    """Which of a session's pods to show."""

    model_config = ConfigDict(extra="forbid")

    which: Literal["made", "default", "diff"] = "made"

    @property
    def which_text(self) -> str:
        """The name of the text in what the hub process renders."""
        return {"made": "yaml", "default": "default_yaml", "diff": "diff"}[self.which]


class PodOut(BaseModel):
    """The pod that would be made, the pod of the form alone, and how they differ.

    `changes` counts the places in the text, `overrides` has the paths of the request's fields that
    the YAML overrides. `editable_yaml` is the pod to begin a `pod_spec` with: that of the form,
    without what a session gets by itself when it starts.
    """

    yaml: str
    default_yaml: str
    diff: str
    changes: int
    overrides: list[str]
    editable_yaml: str


class PodSchemaOut(BaseModel):
    """A JSON Schema (2020-12) of the places of a pod that YAML may set.

    `$defs.Pod` is a whole pod. Without the right, or on a hub without pods, it takes nothing, and
    its `description` says why.
    """

    model_config = ConfigDict(extra="allow")


class PreviewOut(BaseModel):
    """What would come of a launch request."""

    checks: list[dict[str, Any]]
    limits: dict[str, Any]
    ready_in_seconds: int | None
    cost: dict[str, Any] | None
    budget: dict[str, Any] | None
    pod: PodOut | None
    calls: dict[str, str]

"""From a request to a plan: one contribution a concern, combined with their origins."""

from .combine import Plan, PlanConflict, combine
from .contribution import (
    Contribution,
    Mount,
    OpenPort,
    Probe,
    SecretFolder,
    SecretKey,
    Sidecar,
)
from .label_values import label_value
from .layers import Layer, layers_of
from .pipeline import PlanFacts, find_conflict, make_plan

__all__ = [
    "Contribution",
    "Layer",
    "Mount",
    "OpenPort",
    "Plan",
    "PlanConflict",
    "PlanFacts",
    "Probe",
    "SecretFolder",
    "SecretKey",
    "Sidecar",
    "combine",
    "find_conflict",
    "label_value",
    "layers_of",
    "make_plan",
]

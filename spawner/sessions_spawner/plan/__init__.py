"""From a request to a plan: one contribution a concern, combined with their origins."""

from .combine import Plan, PlanConflict, combine
from .contribution import Contribution, Mount
from .layers import Layer, layers_of
from .pipeline import PlanFacts, find_conflict, make_plan

__all__ = [
    "Contribution",
    "Layer",
    "Mount",
    "Plan",
    "PlanConflict",
    "PlanFacts",
    "combine",
    "find_conflict",
    "layers_of",
    "make_plan",
]

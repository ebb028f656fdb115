"""From a request to a plan: one contribution a concern, combined with their origins."""

from .combine import Plan, PlanConflict, combine
from .contribution import Contribution, Mount
from .pipeline import PlanFacts, make_plan

__all__ = [
    "Contribution",
    "Mount",
    "Plan",
    "PlanConflict",
    "PlanFacts",
    "combine",
    "make_plan",
]

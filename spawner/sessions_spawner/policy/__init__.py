"""Policy: an ordered tuple of rules over a request and the facts that were looked up."""

from .facts import Facts
from .rules import RULES, Refusal, check

__all__ = ["RULES", "Facts", "Refusal", "check"]

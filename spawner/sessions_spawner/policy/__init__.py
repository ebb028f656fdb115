"""Policy: an ordered tuple of rules over a request and the facts that were looked up."""

from .checking import RULES, check
from .facts import Facts
from .refusal import Refusal

__all__ = ["RULES", "Facts", "Refusal", "check"]

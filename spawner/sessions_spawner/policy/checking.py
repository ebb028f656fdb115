"""All rules in their order, each a pure function from request and facts to refusals or none."""

from __future__ import annotations

from typing import Final

from ..request import LaunchRequest
from . import agreement, attachments, own_yaml, rules
from .facts import Facts
from .refusal import Refusal, Rule

RULES: Final[tuple[Rule, ...]] = (
    rules.fields_are_supported,
    rules.environment_is_offered,
    rules.environment_can_start,
    rules.choices_exist,
    rules.size_is_allowed,
    rules.idle_timeout_is_allowed,
    rules.lifetime_is_allowed,
    rules.variables_are_allowed,
    rules.variables_are_free,
    attachments.secrets_are_offered,
    attachments.account_is_offered,
    attachments.billing_project_is_offered,
    attachments.instances_are_offered,
    attachments.image_is_offered,
    attachments.gpus_are_offered,
    attachments.ports_can_be_opened,
    agreement.attached_variables_are_allowed,
    agreement.attached_variables_are_free,
    agreement.folders_are_free,
    agreement.ports_are_free,
    own_yaml.yaml_is_allowed,
)


def check(request: LaunchRequest, facts: Facts) -> tuple[Refusal, ...]:
    """Return every refusal, in the order of the rules."""
    return tuple(refusal for rule in RULES for refusal in rule(request, facts))

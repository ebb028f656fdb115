"""What users may change in a pod unless the administrator says otherwise: little."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .rules import Rules, make_rules


def default_rules(
    container: str,
    prefix: str,
    *,
    bounds: Mapping[str, str] | None = None,
    node_selectors: Mapping[str, Sequence[str]] | None = None,
    env_refused: Sequence[str] = (),
) -> Rules:
    """Return the rules that hold by default, for the session's own container.

    `bounds` are the resources that may be set, each with the most of it; one without a bound is
    closed. `node_selectors` are the labels that are offered, each with its values. `prefix` is the
    domain of the labels and annotations that are the user's; none of ours lies under it, as a user
    may change each of them. `env_refused` are shell-style
    patterns of variables.

    Raises:
        RuleError: if a name makes no rule.
    """
    own = f'spec.containers["{container}"]'
    resources = {
        f'{own}.resources.{part}["{name}"]': most
        for name, most in (bounds or {}).items()
        for part in ("limits", "requests")
    }
    selectors = [
        {"path": f'spec.nodeSelector["{label}"]', "values": list(values)}
        for label, values in (node_selectors or {}).items()
    ]
    return make_rules(
        allow=[
            *resources,
            *selectors,
            f"{own}.env[*].name",
            f"{own}.env[*].value",
            f'metadata.labels["{prefix}/*"]',
            f'metadata.annotations["{prefix}/*"]',
        ],
        deny=[f'{own}.env["{pattern}"]' for pattern in env_refused],
        cap=resources,
    )

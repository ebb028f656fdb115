"""What would be made of a request: for the check before a start, and for the preview."""

from __future__ import annotations

import copy
import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import yaml

from ..intake import Checked
from ..policy.editable_pod import editable_pod
from ..policy.field_path import format_path
from ..policy.form_fields import overridden_fields
from ..policy.overrides.changes import changes_between, place_in
from ..policy.overrides.rules import Rules
from ..policy.own_yaml import BadYaml, Fault, OwnYaml
from ..policy.refusal import Refusal
from ..run import Run, StartFailed
from .bodies import Bodies, make_bodies
from .cluster_calls import CALL_ERRORS, explain
from .run_pod import failure_of

if TYPE_CHECKING:
    from .spawner import KubeSessionSpawner

# A session that is not there yet; drives are called by their names.
_ID: Final = "s00000000000"
BY_CLUSTER: Final = "the cluster"


async def rehearse(spawner: KubeSessionSpawner, checked: Checked) -> Bodies:
    """Return the objects that would be made, without the administrator's hooks.

    Raises:
        BadYaml: for YAML that may not be so, or a pod that may not be sent.
    """
    named = {checked.request.drive, *(one.drive for one in checked.request.extra_drives)}
    run = Run(_ID, 0, "", checked.request, {name: name for name in named}, "")
    try:
        plan = spawner.make_plan(run, checked)
    except StartFailed as error:
        raise BadYaml("environment", (Fault("", str(error)),)) from None
    before = spawner.pod_name, spawner.dns_name
    spawner.dress(run, plan)
    try:
        return await make_bodies(spawner, run, plan, checked.offers, hooks=False)
    finally:
        spawner.undress()
        spawner.pod_name, spawner.dns_name = before


async def try_pod(
    api: Any, namespace: str, pod: Mapping[str, Any], own: OwnYaml | None = None
) -> tuple[Fault, ...]:
    """Return what the cluster says against a pod, without making it, with the YAML's lines.

    Of its own words only those about places of the pod are passed on.
    """
    try:
        await api.create_namespaced_pod(
            namespace, pod, dry_run="All", field_validation="Strict", _request_timeout=5
        )
    except CALL_ERRORS as error:
        verdict = explain(error)
        said = [Refusal(path, message, BY_CLUSTER) for path, message in verdict.fields.items()]
        found = own.faults_of(_as_written(own, pod, said)) if own else ()
        return found or tuple(
            Fault(one.field, one.message, rule=BY_CLUSTER)
            for one in said or [Refusal("", failure_of(verdict).detail)]
        )
    return ()


def _as_written(own: OwnYaml, pod: Mapping[str, Any], said: Iterable[Refusal]) -> Iterator[Refusal]:
    """Give what is said about places of a pod, of those that the YAML writes as it writes them."""
    changes = {format_path(one.path): one for one in changes_between({}, pod)}
    for one in said:
        change = changes.get(one.field)
        place = place_in(own.value, change.steps) if change else None
        yield replace(one, field=format_path(place)) if place else one


def show(bodies: Bodies, rules: Rules, *, shows_values: bool, compares: bool) -> dict[str, Any]:
    """Return a pod as text, and what the preview says of it besides if it `compares`.

    A big pod takes a moment: the hub goes on meanwhile where a thread does this.
    """
    described = describe(bodies, shows_values=shows_values)
    return {**described, **(compare(bodies, rules, described) if compares else {})}


def compare(bodies: Bodies, rules: Rules, described: Mapping[str, str]) -> dict[str, Any]:
    """Return what the preview says of a pod besides its text, which was `described`.

    How many changes the YAML makes in it, which choices it overrides, and the pod to begin a whole
    one with.
    """
    default, made = (described[text].splitlines() for text in ("default_yaml", "yaml"))
    steps = difflib.SequenceMatcher(None, default, made, autojunk=False).get_opcodes()
    return {
        "changes": sum(step[0] != "equal" for step in steps),
        "overrides": list(overridden_fields(bodies.default, bodies.pod)),
        "editable_yaml": to_yaml(editable_pod(bodies.default, rules)),
    }


def describe(bodies: Bodies, *, shows_values: bool) -> dict[str, str]:
    """Return the pod, the default pod and their difference as YAML text.

    Without `shows_values` no value of a variable is in them.
    """
    pods = (bodies.pod, bodies.default)
    made, default = (to_yaml(one if shows_values else without_values(one)) for one in pods)
    lines = difflib.unified_diff(
        default.splitlines(), made.splitlines(), "default", "made", lineterm=""
    )
    return {"yaml": made, "default_yaml": default, "diff": "\n".join(lines)}


def without_values(pod: Mapping[str, Any]) -> dict[str, Any]:
    """Return a pod in which the values of variables are not shown."""
    shown = copy.deepcopy(dict(pod))
    for kind in ("containers", "initContainers"):
        for container in shown["spec"].get(kind) or ():
            for one in container.get("env") or ():
                if "value" in one:
                    one["value"] = "(not shown)"
    return shown


def to_yaml(pod: dict[str, Any]) -> str:
    """Return a pod as YAML text, in Kubernetes' usual order of its parts."""
    first = ("apiVersion", "kind", "metadata", "spec")
    ordered = {key: pod[key] for key in first if key in pod}
    return yaml.safe_dump(ordered, sort_keys=False, allow_unicode=True, width=1000)

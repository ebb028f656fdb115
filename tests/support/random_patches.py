"""Patches of any field of a pod, with values that a session's pod knows and with others."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st

from sessions_spawner.policy.overrides.pod_fields import SCALARS, Field, fields_of

_NAMES: Final = (
    *("notebook", "logs", "greet", "cloud-sql-proxy", "new", "team", "motd", "library", "drive-0"),
    *("JUPYTERHUB_USER", "MODE", "NEW", "DB_PASSWORD"),
)
_TEXTS: Final = (
    *_NAMES,
    *("", "x", "/", "..", "chemistry", "physics", "all-teams", "drive-d1", "team-db", "hub"),
    *("session-s1abcdefghij2", "password", "localhost/lab:1", "evil:1", "$(DB_PASSWORD)", "anna"),
    *("ALL", "SYS_ADMIN", "Unconfined", "RuntimeDefault", "Localhost", "Unmasked", "Always"),
    *("spc_t", "windows", "kernel.msgmax", "Secret", "PersistentVolumeClaim"),
)
_KEYS: Final = (
    *("app", "component", "jupyterhub-sessions/owner", "user.jupyterhub-sessions/a", "pool"),
    *("disk", "cpu", "memory", "nvidia.com/gpu", "secretProviderClass"),
    "container.apparmor.security.beta.kubernetes.io/notebook",
)
_SCALARS: Final[dict[str, st.SearchStrategy[Any]]] = {
    "string": st.sampled_from(_TEXTS),
    "integer": st.sampled_from((0, 1, 1000)),
    "integer32": st.sampled_from((0, 1, 80, 8888)),
    "boolean": st.booleans(),
    "quantity": st.sampled_from(("0", "1", "4", "5", "100", "1Gi", "8Gi", "1Ti")),
    "int-or-string": st.sampled_from((80, "http")),
    "time": st.just("2026-11-21T10:00:00Z"),
    "bytes": st.just("b25l"),
}
_PLACES: Final = ("containers", "initContainers", "volumes", "securityContext")


@st.composite
def patches(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a patch of a few fields, oftener than not of containers and volumes."""
    spec = fields_of("PodSpec")
    names = st.sampled_from(_PLACES) | st.sampled_from(sorted(spec))
    chosen = draw(st.lists(names, min_size=1, max_size=2, unique=True))
    patch = {"spec": {name: draw(_value(spec[name])) for name in chosen}}
    if draw(st.integers(0, 3)) == 0:
        patch["metadata"] = draw(_mapping("ObjectMeta"))
    return patch


def _value(field: Field) -> st.SearchStrategy[Any]:
    one = _one(field)
    if field.shape == "list":
        return st.lists(one, max_size=2)
    if field.shape == "map":
        return st.dictionaries(st.sampled_from(_KEYS), one, max_size=2)
    return one


def _one(field: Field) -> st.SearchStrategy[Any]:
    """Give a strategy for one value of a field's kind; an entry of a list has its merge key."""
    if field.kind in SCALARS:
        return _SCALARS[field.kind]
    if field.kind == "object":
        return st.just({})
    return st.deferred(lambda: _mapping(field.kind, field.merge_key))


@st.composite
def _mapping(draw: st.DrawFn, kind: str, key: str | None = None) -> dict[str, Any]:
    fields = fields_of(kind)
    chosen = draw(st.lists(st.sampled_from(sorted(fields)), max_size=2, unique=True))
    made = {name: draw(_value(fields[name])) for name in chosen if name != key}
    if draw(st.integers(0, 15)) == 0:
        made = dict.fromkeys(made)
    if key is None:
        return made
    is_name = fields[key].kind == "string"
    keyed = {key: draw(st.sampled_from(_NAMES) if is_name else _SCALARS[fields[key].kind])}
    is_gone = draw(st.integers(0, 15)) == 0
    return {**keyed, "$patch": "delete"} if is_gone else {**keyed, **made}


def joined(one: Any, other: Any) -> Any:
    """Return two patches as one: mappings together, lists one after the other."""
    if isinstance(one, dict) and isinstance(other, dict):
        both = {key: joined(one[key], other[key]) for key in one.keys() & other.keys()}
        return {**one, **other, **both}
    if isinstance(one, list) and isinstance(other, list):
        return [*one, *other]
    return other

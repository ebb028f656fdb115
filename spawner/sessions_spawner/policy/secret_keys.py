"""Keys of Secrets: a pod that was given one key of a Secret reads no other of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final

from ..request.offers import Offers
from .field_path import Path, format_path
from .pod_security.pod import CONTAINER_KINDS
from .refusal import Refusal

# Stands for all keys of a Secret; none is called so.
ALL: Final = "*"


@dataclass(frozen=True)
class _Use:
    """Some keys of a Secret, and the place that reads them."""

    secret: str
    keys: frozenset[str]
    path: Path


def widened_secrets(
    sent: Mapping[str, Any], made: Mapping[str, Any], offers: Offers, free: Collection[str] = ()
) -> Iterator[Refusal]:
    """Refuse keys of Secrets that the made pod does not read and that nobody offers.

    Secrets that the made pod does not name at all are judged as references. `free` are shell-style
    patterns of those of which any key may be read.
    """
    given: dict[str, set[str]] = {}
    for use in _uses(made):
        given.setdefault(use.secret, set()).update(use.keys)
    for offer in offers.secrets.values():
        if offer.secret in given:
            files = set(offer.keys) or {ALL}
            given[offer.secret] |= set(offer.env.values()) | (files if offer.files else set())
    for use in _uses(sent):
        known = given.get(use.secret)
        if known is None or ALL in known or use.keys <= known:
            continue
        if any(fnmatchcase(use.secret, pattern) for pattern in free):
            continue
        what = f"with the key ‘{min(use.keys - known)}’" if ALL not in use.keys else "as a whole"
        sentence = f"No Secret called ‘{use.secret}’ is offered to you {what}."
        yield Refusal(format_path(use.path), sentence)


def _uses(pod: Mapping[str, Any]) -> Iterator[_Use]:
    spec = pod.get("spec") or {}
    for kind in CONTAINER_KINDS:
        for number, container in enumerate(spec.get(kind) or ()):
            yield from _of_container(container, ("spec", kind, number))
    for number, volume in enumerate(spec.get("volumes") or ()):
        path: Path = ("spec", "volumes", number)
        yield from _of_files(volume.get("secret"), "secretName", (*path, "secret"))
        for place, one in enumerate((volume.get("projected") or {}).get("sources") or ()):
            inner = (*path, "projected", "sources", place, "secret")
            yield from _of_files(one.get("secret"), "name", inner)


def _of_container(container: Mapping[str, Any], path: Path) -> Iterator[_Use]:
    for place, one in enumerate(container.get("env") or ()):
        key = (one.get("valueFrom") or {}).get("secretKeyRef")
        if key:
            inner = (*path, "env", place, "valueFrom", "secretKeyRef", "key")
            yield _Use(str(key.get("name")), frozenset({str(key.get("key"))}), inner)
    for place, one in enumerate(container.get("envFrom") or ()):
        whole = one.get("secretRef")
        if whole:
            inner = (*path, "envFrom", place, "secretRef")
            yield _Use(str(whole.get("name")), frozenset({ALL}), inner)


def _of_files(source: Any, name: str, path: Path) -> Iterator[_Use]:
    if source:
        items = source.get("items") or ()
        keys = frozenset(str(one.get("key")) for one in items) or frozenset({ALL})
        yield _Use(str(source.get(name)), keys, path)

"""Which pods hold which claims, kept up by the watch; so nobody looks through ten thousand pods."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..storage.sharing import claims_of
from .diagnosis import look
from .pods import GENERATION, SESSION
from .trimming import Pod
from .watching import PodWatch


@dataclass(frozen=True)
class Hold:
    """A pod that holds a claim: whose run it is, its node, and whether it is about to be gone.

    `is_silent`: its node does not answer, and its programs may still write. `is_object`: the pod
    is still there; without it, somebody removed it while its node was silent.
    """

    pod: str
    session: str
    generation: str
    node: str | None
    is_ending: bool
    is_silent: bool
    is_object: bool = True


class ClaimUse:
    """Pods by the claims that they hold; `pods` are a watch's, which tells of each change."""

    def __init__(self, pods: Mapping[str, Pod]) -> None:
        self._all = pods
        self._claims: dict[str, set[str]] = {}
        self._pods: defaultdict[str, set[str]] = defaultdict(set)
        # What was removed while its node was silent: nothing says that its programs ended.
        self._silent: dict[str, Pod] = {}
        self._left: dict[str, Pod] = {}
        for name, pod in pods.items():
            self.take(name, pod)

    def holds(self, claim: str, *, without: str = "") -> Iterator[Hold]:
        """Give the pods that hold a claim, without one's own."""
        for name in sorted(self._pods.get(claim, ())):
            pod = self._all.get(name)
            if pod is not None and name != without:
                finding = look(pod)
                if finding.may_still_run or not finding.is_over:
                    yield _make_hold(name, pod, is_silent=_is_silent(pod))
        for name, pod in self._left.items():
            if claim in claims_of(pod) and name != without:
                yield _make_hold(name, pod, is_silent=True, is_object=False)

    def forget(self, pod: str) -> None:
        """Take it that the programs of a removed pod are over: its node answers again, or went."""
        self._left.pop(pod, None)

    def take(self, name: str, pod: Pod | None) -> None:
        """Note a pod as it is now, None for one that is gone."""
        for claim in self._claims.pop(name, ()):
            self._pods[claim].discard(name)
            if not self._pods[claim]:
                del self._pods[claim]
        was_silent = self._silent.pop(name, None)
        if pod is None:
            if was_silent is not None:
                self._left[name] = was_silent
            return
        held = claims_of(pod)
        if held:
            self._claims[name] = held
            for claim in held:
                self._pods[claim].add(name)
            if _is_silent(pod):
                self._silent[name] = pod


def use_of(watch: PodWatch) -> ClaimUse:
    """Return who holds claims by a watch that runs."""
    if watch not in _uses:
        _uses[watch] = use = ClaimUse(watch.pods)
        watch.add_listener(use.take)
    return _uses[watch]


# A process has one watch a namespace, for life.
_uses: dict[PodWatch, ClaimUse] = {}


def _is_silent(pod: Pod) -> bool:
    """Tell whether a pod's node does not answer, as far as the pod says it."""
    conditions = pod["status"].get("conditions") or ()
    is_ready = any(one["type"] == "Ready" and one.get("status") == "True" for one in conditions)
    if is_ready and "deletionTimestamp" not in pod["metadata"]:
        return False  # as nearly all are: nothing to look at closer
    finding = look(pod)
    is_lost = finding.verdict is not None and finding.verdict.cause == "node-lost"
    return is_lost and finding.may_still_run


def _make_hold(name: str, pod: Pod, *, is_silent: bool, is_object: bool = True) -> Hold:
    metadata = pod["metadata"]
    labels = metadata.get("labels") or {}
    return Hold(
        pod=name,
        session=labels.get(SESSION, name),
        generation=labels.get(GENERATION, ""),
        node=pod["spec"].get("nodeName"),
        is_ending="deletionTimestamp" in metadata,
        is_silent=is_silent,
        is_object=is_object,
    )

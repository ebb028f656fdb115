"""What lives, in memory: counts for the metrics, and a digest of what runs for the reconciler."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sessions_spawner.wire.runs import RunDigest

from ..lifecycle.table import ENDED, State
from .models import Session


class Living:
    """The live sessions by their ids, as the latest commits have them."""

    def __init__(self) -> None:
        self._states: dict[str, tuple[State, int]] = {}
        self._counts: Counter[State] = Counter()
        self._running = RunDigest()

    @property
    def counts(self) -> Mapping[State, int]:
        """How many live sessions are in each state."""
        return self._counts

    @property
    def running(self) -> str:
        """The digest of the runs that are running."""
        return str(self._running)

    def __contains__(self, session_id: str) -> bool:
        return session_id in self._states

    def __len__(self) -> int:
        return len(self._states)

    def is_running(self, session: Session) -> bool:
        """Tell whether a session's run was running by the latest commit that was followed."""
        known = self._states.get(session.id)
        return known == (State.RUNNING, session.generation)

    def generation_of(self, session_id: str) -> int | None:
        """Return which run of a session lives by the latest commit that was followed."""
        known = self._states.get(session_id)
        return None if known is None else known[1]

    def take(self, session: Session) -> None:
        """Follow a session to where it is now; one that has ended is forgotten."""
        self._drop(session.id)
        if session.state in ENDED:
            return
        self._states[session.id] = session.state, session.generation
        self._counts[session.state] += 1
        if session.state is State.RUNNING:
            self._running.add(session.id, session.generation)

    def _drop(self, session_id: str) -> None:
        known = self._states.pop(session_id, None)
        if known is None:
            return
        state, generation = known
        self._counts[state] -= 1
        if state is State.RUNNING:
            self._running.remove(session_id, generation)

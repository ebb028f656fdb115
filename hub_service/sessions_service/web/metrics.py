"""Metrics for Prometheus; names start with `jupyterhub_sessions_`, labels hold no user names."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_PREFIX = "jupyterhub_sessions"


class Metrics:
    """Counters and gauges of one service."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._ends = self._counter("ends", "Sessions that ended, by cause", ["cause"])
        self._creates = self._counter(
            "creates", "Launch requests by REST or through the hub, by result", ["result"]
        )
        self._refusals = self._counter("refusals", "Requests that were refused, by code", ["code"])
        self._differences = self._counter(
            "reconcile_differences", "Differences that the reconciler found"
        )
        self._reports = self._counter("activity_reports", "Activity reports taken")
        self.live = Gauge(f"{_PREFIX}_live", "Sessions by state", ["state"], registry=self.registry)
        self.queue = Gauge(
            f"{_PREFIX}_queue_length", "Sessions that wait for the hub", registry=self.registry
        )
        self.streams = Gauge(f"{_PREFIX}_streams", "Open event streams", registry=self.registry)
        self._ready = Histogram(
            f"{_PREFIX}_ready_seconds",
            "Time from asking to ready",
            ["environment"],
            buckets=(0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300),
            registry=self.registry,
        )

    def created(self, result: str) -> None:
        """Count a launch request."""
        self._creates.labels(result=result).inc()

    def refused(self, code: str) -> None:
        """Count a request that was refused."""
        self._refusals.labels(code=code).inc()

    def ended(self, cause: str) -> None:
        """Count an end."""
        self._ends.labels(cause=cause).inc()

    def ready(self, environment: str, seconds: float) -> None:
        """Note how long a start took."""
        self._ready.labels(environment=environment).observe(seconds)

    def reconciled(self, differences: int) -> None:
        """Count what the reconciler found."""
        self._differences.inc(differences)

    def reported(self) -> None:
        """Count an activity report."""
        self._reports.inc()

    def to_text(self) -> bytes:
        """Return the exposition."""
        return generate_latest(self.registry)

    def _counter(self, name: str, help_text: str, labels: list[str] | None = None) -> Counter:
        return Counter(f"{_PREFIX}_{name}", help_text, labels or [], registry=self.registry)

"""The sentence that people read for a verdict on a pod."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sessions_service.lifecycle.causes import Cause
from sessions_service.lifecycle.explain import explain
from sessions_spawner.kubernetes.diagnosis import Finding, Verdict

STARTED = datetime(2026, 11, 21, 14, 20, tzinfo=UTC)


def sentence_of(verdict: Verdict) -> str:
    """Return what people read when a session ends with a verdict, 12 minutes after its start."""
    evidence = {"detail": verdict.detail, "exit_code": verdict.exit_code, **verdict.words}
    told = explain(
        Cause(verdict.cause),
        viewer="anna",
        ended_by="hub",
        evidence=evidence,
        idle_timeout=900,
        started_at=STARTED,
        ended_at=STARTED + timedelta(minutes=12),
    )
    return str(told["sentence"])


def said(finding: Finding) -> tuple[str, str]:
    """Return a finding's cause and sentence; two empty texts where nothing is wrong."""
    verdict = finding.verdict
    return (verdict.cause, sentence_of(verdict)) if verdict else ("", "")

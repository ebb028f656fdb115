"""Pods share nothing: what a hook changes in one is in no other, nor in the next."""

from __future__ import annotations

from tests.support.session_pods import session_pod


def test_what_a_hook_adds_to_one_container_is_in_no_other_and_in_no_later_pod() -> None:
    before = session_pod()
    first = session_pod()["spec"]["containers"]
    first[0]["securityContext"]["capabilities"]["drop"].append("KILL")
    first[0]["securityContext"]["seccompProfile"]["type"] = "Unconfined"
    assert first[1]["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert session_pod() == before

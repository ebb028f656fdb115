"""`make run CLUSTER=1`: a hub whose sessions are pods of its own cluster, and the end of both."""

from __future__ import annotations

import socket
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.kubectl import Kubectl
from tests.support.make_run import CHECKOUT, running
from tests.support.signed_in import SignedIn
from tests.support.waiting import wait_for
from tools.cluster.cluster import is_running

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.needs("configurable-http-proxy"),
    pytest.mark.skipif(
        Path(sys.prefix) != CHECKOUT / ".venv", reason="make run starts what make test installs"
    ),
]


def test_a_person_starts_a_session_in_a_pod_and_ctrl_c_ends_the_cluster_too(
    tmp_path: Path, programs: Path
) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as door:
        port = int(door.getsockname()[1])
    folder = tmp_path / "state" / "on-cluster" / "cluster"
    with running(tmp_path / "state", port, CLUSTER="1") as run:
        wait_for(run.is_ready, seconds=180, every=0.5, what="the product to be ready")
        with closing(SignedIn(run, "newcomer")) as newcomer:
            session = newcomer.start_session(seconds=120)
            assert newcomer.client.get(session["urls"]["lab"]).status_code == 200
        kubectl = Kubectl(programs / "kubectl", folder / "kubeconfig")
        (pod,) = kubectl.get("pods")["items"]
        assert pod["metadata"]["labels"]["jupyterhub-sessions/session"] == session["id"]
        run.press_ctrl_c()
        run.process.wait(90)
    assert not is_running(folder)
    assert not folder.exists()
    assert run.processes() == []

"""A kernel that uses up its container's memory is ended alone: the pod runs on, the story tells."""

from __future__ import annotations

import pytest

from tests.support.kubectl import Kubectl
from tests.support.notebooks import ALL_MEMORY, execute, lines_of, open_notebook
from tests.support.product import Product
from tests.support.waiting import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def ends_whole_containers(pods: Kubectl, pod: str) -> bool:
    """Tell whether a kernel that uses up the memory takes its container along, by the pod's node.

    That is so with control groups of version 2, unless the kubelet was told otherwise.
    """
    group = "/sys/fs/cgroup/memory.oom.group"
    said = pods("exec", pod, "--", "sh", "-c", f"cat {group} 2>/dev/null || echo 0")
    return said.strip() == "1"


async def test_a_kernel_killed_for_memory_is_told_while_its_pod_runs_on(
    product: Product, pods: Kubectl
) -> None:
    made = product.create(resources={"memory": "512Mi"})
    session = product.wait_state(made["id"], "running", seconds=90)
    (pod,) = pods.get(f"pods --selector=jupyterhub-sessions/session={session['id']}")["items"]
    if ends_whole_containers(pods, pod["metadata"]["name"]):
        pytest.skip("this cluster's node ends all of a container for memory, not a kernel alone")
    kernel = open_notebook(product, session, "train.ipynb")
    await execute(product, session, kernel, ALL_MEMORY)
    (line,) = wait_for(
        lambda: lines_of(product, session, "memory-used-up"), seconds=90, what="a line of its story"
    )
    assert line["sentence"].startswith(
        "The kernel of train.ipynb was ended because the session's memory (512Mi) was used up."
    )
    pod = pods.get(f"pod/{pod['metadata']['name']}")
    (container,) = pod["status"]["containerStatuses"]
    assert "running" in container["state"], container
    assert container["restartCount"] == 0
    assert product.get(session["id"])["state"] == "running"

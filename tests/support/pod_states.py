"""Pods, claims, nodes and events as an API server gives them, made by small builders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Object = dict[str, Any]

POD_UID = "0a8b0c1d-52a5-4a5e-9d5b-8f0e6f6d3b01"
IMAGE = "localhost/lab:1"


def moment(seconds: float) -> str:
    """Return a moment some seconds after the pod was made, as the API server writes it."""
    whole = int(seconds)
    return f"2026-11-21T14:{20 + whole // 60:02}:{whole % 60:02}Z"


def waiting(reason: str, message: str | None = None) -> Object:
    """Return the state of a container that waits."""
    return {"waiting": {"reason": reason, **({"message": message} if message else {})}}


def running(at: float = 3) -> Object:
    """Return the state of a container that runs."""
    return {"running": {"startedAt": moment(at)}}


def terminated(reason: str, code: int, message: str | None = None, at: float = 5) -> Object:
    """Return the state of a container whose run ended."""
    end: Object = {
        "exitCode": code,
        "reason": reason,
        "startedAt": moment(3),
        "finishedAt": moment(at),
        "containerID": "containerd://5e1f",
    }
    return {"terminated": {**end, **({"message": message} if message else {})}}


def crash_loop(name: str, wait: str = "10s") -> Object:
    """Return the state of a container that waits for its next try."""
    said = f"back-off {wait} restarting failed container={name} pod=s1_sessions({POD_UID})"
    return waiting("CrashLoopBackOff", said)


def make_container(
    name: str = "notebook",
    state: Object | None = None,
    *,
    ready: bool = False,
    started: bool | None = None,
    restarts: int = 0,
    last: Object | None = None,
    image: str = IMAGE,
    resources: Object | None = None,
    always: bool = False,
) -> tuple[Object, Object | None]:
    """Return a container's specification and its status; no status without a state.

    `always` makes it a native sidecar, if it is among the init containers.
    """
    spec: Object = {"name": name, "image": image, "imagePullPolicy": "IfNotPresent"}
    spec["resources"] = resources or {}
    if always:
        spec["restartPolicy"] = "Always"
    if state is None:
        return spec, None
    is_running = "running" in state
    status = {
        "name": name,
        "image": image,
        "imageID": "",
        "state": state,
        "lastState": last or {},
        "ready": ready,
        "restartCount": restarts,
        "started": is_running if started is None else started,
    }
    return spec, status


def well(name: str = "notebook", *, always: bool = False) -> tuple[Object, Object | None]:
    """Return a container that runs and is ready."""
    return make_container(name, running(), ready=True, always=always)


def condition(kind: str, status: str, reason: str | None = None, message: str = "") -> Object:
    """Return one condition of an object."""
    made: Object = {"type": kind, "status": status, "lastProbeTime": None}
    made["lastTransitionTime"] = moment(4)
    return made | ({"reason": reason, "message": message} if reason else {})


def make_pod(
    *containers: tuple[Object, Object | None],
    init: Sequence[tuple[Object, Object | None]] = (),
    phase: str = "Pending",
    node: str | None = "node1",
    conditions: Sequence[Object] = (),
    volumes: Sequence[Object] = (),
    deleted_at: float | None = None,
    grace: int = 1,
    restart: str = "Never",
    spec: Mapping[str, Any] | None = None,
    **status: Any,
) -> Object:
    """Return a session's pod; without containers, with one called `notebook` and no status."""
    given = containers or (make_container(),)
    pod_conditions = list(conditions)
    if node:
        pod_conditions.append(condition("PodScheduled", "True"))
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": "s1",
            "namespace": "sessions",
            "uid": POD_UID,
            "creationTimestamp": moment(0),
            **_deletion(deleted_at, grace),
        },
        "spec": {
            "containers": [one for one, _ in given],
            "initContainers": [one for one, _ in init],
            "volumes": list(volumes),
            "restartPolicy": restart,
            **({"nodeName": node} if node else {}),
            **(spec or {}),
        },
        "status": {
            "phase": phase,
            "conditions": pod_conditions,
            "containerStatuses": [status for _, status in given if status],
            "initContainerStatuses": [status for _, status in init if status],
            **status,
        },
    }


def _deletion(deleted_at: float | None, grace: int) -> Object:
    if deleted_at is None:
        return {}
    return {
        "deletionTimestamp": moment(deleted_at + grace),
        "deletionGracePeriodSeconds": grace,
    }


def unscheduled(
    message: str,
    reason: str = "Unschedulable",
    requests: Object | None = None,
    volumes: Sequence[Object] = (),
) -> Object:
    """Return a pod that no machine takes."""
    return make_pod(
        make_container(resources={"requests": requests or {}}),
        node=None,
        conditions=[condition("PodScheduled", "False", reason, message)],
        volumes=volumes,
        containerStatuses=None,
    )


def make_event(
    reason: str,
    message: str,
    *,
    count: int | None = 1,
    at: float = 5,
    kind: str = "Warning",
    container: str = "",
    about: Object | None = None,
) -> Object:
    """Return an event of the pod, or of another object, in the form of `v1`."""
    metadata = (about or make_pod())["metadata"]
    regarding = {"name": metadata["name"], "uid": metadata["uid"]}
    if container:
        regarding["fieldPath"] = f"spec.containers{{{container}}}"
    return {
        "metadata": {"name": f"s1.{at}", "creationTimestamp": moment(at)},
        "involvedObject": regarding,
        "type": kind,
        "reason": reason,
        "message": message,
        "count": count,
        "firstTimestamp": moment(at) if count else None,
        "lastTimestamp": moment(at) if count else None,
        "eventTime": None if count else moment(at).replace("Z", ".123456Z"),
    }


def make_claim(
    name: str = "claim-data", phase: str = "Bound", volume: str = "", **metadata: Any
) -> Object:
    """Return a claim."""
    return {
        "metadata": {"name": name, "uid": f"uid-of-{name}", **metadata},
        "spec": {"volumeName": volume} if volume else {},
        "status": {"phase": phase},
    }


def mounts_claim(name: str = "claim-data", volume: str = "drive") -> Object:
    """Return a pod's volume that is a claim."""
    return {"name": volume, "persistentVolumeClaim": {"claimName": name}}


def make_node(name: str = "node1", ready: str = "True", *taints: str) -> Object:
    """Return a machine; its taints by their keys, each of effect NoExecute."""
    reason = {"True": "KubeletReady", "Unknown": "NodeStatusUnknown"}.get(ready, "KubeletNotReady")
    return {
        "metadata": {"name": name},
        "spec": {"taints": [{"key": key, "effect": "NoExecute"} for key in taints]},
        "status": {"conditions": [condition("Ready", ready, reason)]},
    }

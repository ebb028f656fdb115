"""What the cluster has of this hub's sessions, and which of its rights the hub lacks there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from kubernetes_asyncio.client import ApiException, AuthorizationV1Api, StorageV1Api

from ..cluster_settings import SessionOffers
from ..drive_settings import SessionDrives
from ..storage.claim_objects import DRIVE_LABEL
from ..wire.channel import Refused
from ..wire.cluster import ClusterLook, MissingRight, SeenClaim, SeenPod
from .cluster_calls import CALL_ERRORS, call_plainly, explain
from .pods import GENERATION, HUB, SESSION
from .rights import LIST_ACCOUNTS, LIST_CLAIMS, LIST_PODS, READ_CLASSES, RIGHTS, Right

if TYPE_CHECKING:
    from .spawner import KubeSessionSpawner

Metadata = Mapping[str, Any]

_CALL_SECONDS: Final = 5
# So many at a time, and of each its metadata alone: a piece is about 1 MB.
_PIECE: Final = 500
_METADATA: Final = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
_MISSING: Final = 404


async def look_at_cluster(spawner: KubeSessionSpawner, hub: str) -> ClusterLook:
    """Return what is in the namespace of sessions; reads only, and only what the hub may.

    `hub` is the value of this hub's label. Raises `Refused` if the cluster does not answer.
    """
    api, namespace = spawner.api.api_client, spawner.namespace
    try:
        lacks = await _lacking(api, namespace, (*RIGHTS, READ_CLASSES))
        pods = claims = None
        if LIST_PODS not in lacks:
            found = _list(api, namespace, "pods", f"{HUB},{SESSION},{GENERATION}")
            pods = tuple([_seen_pod(one, hub) async for one in found])
        if LIST_CLAIMS not in lacks:
            found = _list(api, namespace, "persistentvolumeclaims", DRIVE_LABEL)
            claims = tuple([_seen_claim(one) async for one in found])
        named = set() if READ_CLASSES in lacks else _named_classes(spawner)
        classes = await unknown_classes(api, named)
    except CALL_ERRORS as error:
        raise Refused("away", explain(error).detail) from None
    return ClusterLook(
        namespace=namespace,
        pods=pods,
        claims=claims,
        missing=tuple(
            MissingRight(right=str(one), breaks=one.breaks)
            for one in lacks
            if one in RIGHTS and _is_needed(spawner, one)
        ),
        unknown_classes=classes,
    )


def _is_needed(spawner: KubeSessionSpawner, right: Right) -> bool:
    return right != LIST_ACCOUNTS or SessionOffers(config=spawner.config).labelled_accounts


async def _lacking(api: Any, namespace: str, rights: Iterable[Right]) -> list[Right]:
    """Return those rights that the API server says the hub's account does not have."""
    reviews = AuthorizationV1Api(api)

    async def lacks(right: Right) -> bool:
        body: Any = {"spec": {"resourceAttributes": right.to_attributes(namespace)}}
        answer = await reviews.create_self_subject_access_review(
            body, _request_timeout=_CALL_SECONDS
        )
        return not answer.status.allowed

    asked = tuple(rights)
    answers = await asyncio.gather(*map(lacks, asked))
    return [right for right, is_lacking in zip(asked, answers, strict=True) if is_lacking]


async def _list(api: Any, namespace: str, kind: str, selector: str) -> AsyncIterator[Metadata]:
    """Yield the metadata of a kind's objects that have labels. Raises one of `CALL_ERRORS`."""
    asked: dict[str, Any] = {"labelSelector": selector, "limit": _PIECE}
    while True:
        piece = await call_plainly(
            api.call_api,
            f"/api/v1/namespaces/{{namespace}}/{kind}",
            "GET",
            {"namespace": namespace},
            list(asked.items()),
            {"Accept": _METADATA},
            auth_settings=["BearerToken"],
            _request_timeout=_CALL_SECONDS,
        )
        for item in piece["items"] or ():  # null where there is none
            yield item["metadata"]
        asked["continue"] = piece["metadata"].get("continue")
        if not asked["continue"]:
            return


def _seen_pod(metadata: Metadata, hub: str) -> SeenPod:
    labels = metadata["labels"]
    return SeenPod(
        name=metadata["name"],
        session=labels[SESSION],
        run=f"{labels[SESSION]}:{labels[GENERATION]}",
        is_ours=labels[HUB] == hub,
        ends_at=metadata.get("deletionTimestamp"),
    )


def _seen_claim(metadata: Metadata) -> SeenClaim:
    return SeenClaim(
        name=metadata["name"],
        drive=metadata["labels"][DRIVE_LABEL],
        is_going="deletionTimestamp" in metadata,
    )


def _named_classes(spawner: KubeSessionSpawner) -> set[str]:
    named = SessionDrives(config=spawner.config).storage_classes
    return {*named, *filter(None, [spawner.drive_storage_class])}


async def unknown_classes(api: Any, names: Iterable[str]) -> tuple[str, ...]:
    """Return those storage classes that the cluster does not have."""
    reads = StorageV1Api(api).read_storage_class
    unknown = []
    for name in sorted(names):
        try:
            await reads(name, _request_timeout=_CALL_SECONDS)
        except ApiException as error:
            if error.status != _MISSING:
                raise
            unknown.append(name)
    return tuple(unknown)

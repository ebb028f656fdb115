"""A pod as the controls look at it: its containers of every kind and their security contexts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from .node import Node

CONTAINER_KINDS: Final = ("initContainers", "containers", "ephemeralContainers")


class Pod:
    """The parts of one manifest that controls ask for."""

    def __init__(self, manifest: Mapping[str, Any]) -> None:
        whole = Node((), manifest)
        self.spec = whole.at("spec")
        self.annotations = whole.at("metadata", "annotations")

    def containers(self) -> Iterator[Node]:
        """Give the init, normal and ephemeral containers."""
        for kind in CONTAINER_KINDS:
            yield from self.spec.at(kind).each()

    def container_contexts(self) -> Iterator[Node]:
        """Give every container's security context, set or not."""
        for container in self.containers():
            yield container.at("securityContext")

    def contexts(self) -> Iterator[Node]:
        """Give the pod's own security context and that of every container."""
        yield self.spec.at("securityContext")
        yield from self.container_contexts()

    @property
    def is_windows(self) -> bool:
        """Tell whether the pod says that it is for Windows; a wrong type says nothing."""
        return self.spec.at("os", "name").text == "windows"

    @property
    def has_own_users(self) -> bool:
        """Tell whether the pod runs in a user namespace; a wrong type says nothing."""
        return self.spec.at("hostUsers").is_false

    @property
    def shares_host_network(self) -> bool:
        """Tell whether the pod is on its node's network."""
        return self.spec.at("hostNetwork").is_true

"""A product whose environments fail in every way that a cluster knows."""

from __future__ import annotations

import contextlib
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cluster.failures.environments import make_settings
from tests.conftest import chosen_database
from tests.support.bed import Bed
from tests.support.kubectl import Kubectl
from tests.support.on_cluster import own_namespace, product_on
from tests.support.product import Product
from tests.support.streams import EventStream
from tests.support.waiting import hold, wait_for


@dataclass(frozen=True)
class Place:
    """Where these tests' sessions are, and what ends the names of what is no namespace's."""

    namespace: str
    token: str


@pytest.fixture(scope="session")
def place(cluster: Kubectl) -> Iterator[Place]:
    """Give a namespace under Pod Security “restricted”, and storage classes that fail."""
    token = secrets.token_hex(4)
    cluster.create(
        _make_class(f"burning-{token}", failCreate="the storage array is on fire"),
        _make_class(f"dumb-{token}", failPublish="the disk does not answer"),
    )
    with own_namespace(cluster, "failures", "restricted") as namespace:
        yield Place(namespace.namespace, token)
    cluster("delete", "storageclass", f"burning-{token}", f"dumb-{token}")


def _make_class(name: str, **parameters: str) -> dict[str, Any]:
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": name},
        "provisioner": "drives.sessions.test",
        "volumeBindingMode": "WaitForFirstConsumer",
        "parameters": parameters,
    }


@pytest.fixture(scope="session")
def service_database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Give the URL of a database of this product's own; empty for SQLite's file."""
    if chosen_database() == "sqlite":
        yield ""
        return
    with request.getfixturevalue("postgresql_server").new_database() as url:
        yield url


@pytest.fixture(scope="session")
def product(
    bed: Bed,
    place: Place,
    service_database: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Product]:
    """Give a product whose sessions are pods of the cluster."""
    settings = make_settings(bed.image, place.token)
    folder = tmp_path_factory.mktemp("failures")
    with product_on(
        bed, place.namespace, folder, settings, database_url=service_database
    ) as product:
        yield product


@dataclass(frozen=True)
class Stage:
    """A product on a cluster, and the words for what tests do there."""

    product: Product
    pods: Kubectl

    def start(self, environment: str = "python", **fields: Any) -> dict[str, Any]:
        """Start a session and return it once it runs."""
        asked = self.product.create(environment=environment, **fields)
        return self.product.wait_state(asked["id"], "running", seconds=120)

    def end(self, session: Mapping[str, Any], seconds: float = 90) -> End:
        """Return what people are told once a session is over."""
        over = self.product.wait_state(session["id"], "stopped", "failed", seconds=seconds)
        return End(over, self.lines_of(over))

    def fail(self, environment: str, **fields: Any) -> End:
        """Start a session that cannot run, and return what people are told."""
        return self.end(self.product.create(environment=environment, **fields))

    def lines_of(self, session: Mapping[str, Any]) -> str:
        """Return the last lines and events that were kept of a session."""
        address = f"{self.product.base}api/v1/sessions/{session['id']}/events"
        with EventStream(address, self.product.token("anna")) as stream:
            wait_for(lambda: [one for one in stream.events if one.kind == "end"], what="its end")
            found = [one.data["lines"] for one in stream.events if one.kind == "lines"]
            told = [one.data for one in stream.events if one.kind == "pod-event"]
        events = [f"{one['reason']}: {one['message']}" for one in told]
        return "\n".join([*(found[-1] if found else ()), *events])

    def story_of(self, session: Mapping[str, Any]) -> str:
        """Return the sentences of a session's story, a line each."""
        path = f"sessions/{session['id']}/chronicle"
        items = self.product.api("GET", path, expect=200).json()["items"]
        return "\n".join(one["sentence"] for one in items)

    def pod_of(self, session: Mapping[str, Any]) -> dict[str, Any]:
        """Return a session's pod."""
        (pod,) = self.pods_of(session)
        return pod

    def pods_of(self, session: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the pods of a session, none or one."""
        label = f"jupyterhub-sessions/session={session['id']}"
        found: list[dict[str, Any]] = self.pods.get(f"pods --selector={label}")["items"]
        return found

    def new_drive(self) -> str:
        """Return the name of a new drive, which has no claim yet."""
        name = f"drive-{secrets.token_hex(4)}"
        self.product.api("POST", "drives", {"name": name}, expect=201)
        return name

    def order(self, session: Mapping[str, Any], word: str, port: int = 8888) -> None:
        """Tell a program in a session's pod to do something; it may not live to answer."""
        address = self.pod_of(session)["status"]["podIP"]
        tell(f"http://{address}:{port}/{word}")

    def start_hub(self) -> None:
        """Start the hub that was killed, and wait until all of it is the new one's."""
        self.product.start()
        # The proxy of the killed hub answers until the new hub starts another.
        answers = lambda: self.product.api("GET", "sessions").status_code == 200  # noqa: E731
        wait_for(answers, every=0.2, what="the service")
        hold(answers, seconds=2, every=0.2)

    def wait_stage(self, session: Mapping[str, Any], name: str) -> None:
        """Wait until a start has come to a stage."""

        def is_there() -> bool:
            progress = self.product.get(session["id"])["progress"]
            return progress is not None and progress["stage"] == name

        wait_for(is_there, seconds=60, every=0.05, what=f"the stage {name}")

    def wait_empty(self) -> None:
        """Wait until no pod and no Secret is left."""
        wait_for(
            lambda: not self.pods.get("pods,secrets")["items"],
            seconds=90,
            every=0.2,
            what="pods and secrets to go",
        )

    @contextmanager
    def having(self, thing: Mapping[str, Any]) -> Iterator[None]:
        """Have an object in the namespace for the time of a `with` block."""
        name = f"{thing['kind']}/{thing['metadata']['name']}"
        self.pods.create({"apiVersion": "v1", **thing})
        try:
            if thing["kind"] == "ResourceQuota":
                self.pods("wait", name, "--for=jsonpath={.status.used}", "--timeout=60s")
            yield
        finally:
            self.pods("delete", name)


@dataclass(frozen=True)
class End:
    """What people are told of a session that is over."""

    session: Mapping[str, Any]
    lines: str

    @property
    def cause(self) -> str:
        """The cause."""
        return str(self.session["cause"])

    @property
    def sentence(self) -> str:
        """The sentence of its end."""
        return str(self.session["explanation"]["sentence"])

    @property
    def step(self) -> str:
        """What the button for the next step says."""
        return str(self.session["explanation"]["next"]["label"])

    def check(self, cause: str, sentence: str, lines: str = "", step: str = "") -> None:
        """Fail unless it is told so; sentence and lines are patterns."""
        told = (self.cause, self.sentence, self.step, self.lines)
        assert self.cause == cause, told
        assert re.search(sentence, self.sentence), told
        assert re.search(lines, self.lines), told
        assert step in self.step, told


def tell(address: str) -> None:
    """Ask a program for an address; it may not live to answer."""
    with contextlib.suppress(httpx.TransportError):
        httpx.get(address, timeout=5)


@pytest.fixture
def own_folder(bed: Bed, product: Product) -> Path:
    """Give the state folder of a cluster that may be broken."""
    return bed.own_folder()


@pytest.fixture
def stage(cluster: Kubectl, place: Place, product: Product) -> Iterator[Stage]:
    """Give the product and its place; afterwards all sessions are over and nothing is left."""
    stage = Stage(product, cluster.within(place.namespace))
    yield stage
    product.rest()
    stage.wait_empty()

"""The watch over pods: a list, changes, a lost place, an API server that is away."""

from __future__ import annotations

import asyncio
import gc
import json
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from kubernetes_asyncio.client import ApiException

from sessions_spawner.kubernetes import watching as watching_module
from sessions_spawner.kubernetes.trimming import Pod
from sessions_spawner.kubernetes.watching import PodWatch
from tests.support.waiting import wait_until


def make_pod(name: str, version: int = 1, phase: str = "Pending") -> dict[str, Any]:
    return {
        "metadata": {"name": name, "resourceVersion": str(version), "managedFields": [{}]},
        "spec": {
            "nodeName": "n1",
            "volumes": [
                {"name": "d", "persistentVolumeClaim": {"claimName": "c"}},
                {"name": "t", "emptyDir": {}},
            ],
            "containers": [{"name": "notebook", "image": "i", "env": [{"name": "A"}]}],
        },
        "status": {"phase": phase},
    }


class Content:
    """What an open call reads: pieces as they come, of any length."""

    def __init__(self) -> None:
        self._pieces: asyncio.Queue[bytes] = asyncio.Queue()

    def send(self, text: str) -> None:
        self._pieces.put_nowait(text.encode())

    def end(self) -> None:
        self._pieces.put_nowait(b"")

    async def readany(self) -> bytes:
        return await self._pieces.get()

    async def read(self) -> bytes:
        return await self._pieces.get()


class Gathering(Content):
    """Gives all that came since the last look at once, as a connection does; counts the looks."""

    def __init__(self) -> None:
        super().__init__()
        self.looks = 0

    async def readany(self) -> bytes:
        self.looks += 1
        pieces = [await self._pieces.get()]
        while not self._pieces.empty():
            pieces.append(self._pieces.get_nowait())
        return b"".join(pieces)


class Answer:
    """An open call."""

    connection: Any = None

    def __init__(self, content: Any) -> None:
        self.content = content
        self.released = False

    def release(self) -> None:
        self.released = True


class Server:
    """An API server as far as a watch asks it: it answers lists, and keeps watches open."""

    def __init__(self, *pods: Mapping[str, Any]) -> None:
        self.pods = list(pods)
        self.asked: list[Mapping[str, Any]] = []
        self.watches: list[Answer] = []
        self.failures: list[Exception] = []
        self.piece = 500
        self.content: type[Content] = Content
        self.ends_at_once = False
        self.loses_every_place = False

    async def __call__(self, asked: Mapping[str, Any]) -> Answer:
        self.asked.append(asked)
        if self.failures:
            raise self.failures.pop(0)
        answer = Answer(self.content())
        if "watch" in asked:
            if self.loses_every_place:
                raise ApiException(status=410)
            self.watches.append(answer)
            if self.ends_at_once:
                answer.content.end()
        else:
            start = int(asked.get("continue", 0))
            items = self.pods[start : start + self.piece]
            following = start + self.piece
            metadata = {"resourceVersion": "7"}
            if following < len(self.pods):
                metadata["continue"] = str(following)
            answer.content.send(json.dumps({"metadata": metadata, "items": items}))
        return answer

    def tell(self, kind: str, thing: Mapping[str, Any]) -> None:
        self.watches[-1].content.send(json.dumps({"type": kind, "object": thing}) + "\n")

    @property
    def lists(self) -> int:
        return sum("watch" not in asked for asked in self.asked)


@asynccontextmanager
async def watching(server: Server) -> AsyncIterator[PodWatch]:
    watch = PodWatch(server)
    watch.start()
    try:
        assert await watch.wait_synced(5)
        await wait_until(lambda: server.watches)
        yield watch
    finally:
        await watch.stop()


async def test_all_pods_are_listed_once_in_pieces_and_changes_follow() -> None:
    server = Server(*(make_pod(f"p{one}") for one in range(5)))
    server.piece = 2
    async with watching(server) as watch:
        assert sorted(watch.pods) == ["p0", "p1", "p2", "p3", "p4"]
        assert server.lists == 3
        server.tell("MODIFIED", make_pod("p1", 8, "Running"))
        server.tell("DELETED", make_pod("p2", 9))
        await wait_until(lambda: "p2" not in watch.pods)
        assert watch.pods["p1"]["status"]["phase"] == "Running"
    assert server.watches[0].released


async def test_a_thousand_pods_are_asked_for_in_pieces_and_their_changes_for_nothing() -> None:
    server = Server(*(make_pod(f"p{one}") for one in range(1000)))
    server.piece = 25
    server.content = Gathering
    async with watching(server) as watch:
        assert [asked["limit"] for asked in server.asked if "limit" in asked] == [25] * 40
        for one in range(300):
            server.tell("MODIFIED", make_pod(f"p{one}", 8 + one, "Running"))
        await wait_until(lambda: watch.pods["p299"]["status"]["phase"] == "Running")
        assert len(server.asked) == 41
        assert len(watch.pods) == 1000


async def test_a_list_of_thousands_does_not_have_the_garbage_collector_walk_the_hub() -> None:
    server = Server(*(make_pod(f"p{one}") for one in range(3000)))
    server.piece = 3000
    started: list[int] = []
    gc.collect()
    gc.callbacks.append(lambda _phase, told: started.append(told["generation"]))
    before = gc.get_threshold()
    gc.set_threshold(1000, 2, 2)
    try:
        watch = PodWatch(server)
        piece = json.dumps({"metadata": {"resourceVersion": "7"}, "items": server.pods}).encode()
        started.clear()
        found: set[str] = set()
        assert watch._take_piece(piece, found) == {"resourceVersion": "7"}
        during = list(started)
    finally:
        gc.set_threshold(*before)
        gc.callbacks.pop()
    assert len(found) == len(watch.pods) == 3000
    assert during == []
    assert gc.isenabled()


def test_a_list_that_cannot_be_read_leaves_the_garbage_collector_on() -> None:
    with pytest.raises(ValueError, match="unexpected end"):
        PodWatch(Server())._take_piece(b"{", set())
    assert gc.isenabled()


async def test_a_change_of_what_nobody_looks_at_is_told_to_nobody() -> None:
    server = Server(make_pod("p"))
    told: list[str] = []
    async with watching(server) as watch:
        watch.add_listener(lambda name, _pod: told.append(name))
        server.tell("MODIFIED", make_pod("p", 8))
        server.tell("MODIFIED", make_pod("p", 9, "Running"))
        await wait_until(lambda: told)
        assert told == ["p"]


async def test_a_wait_ends_with_the_event_that_it_waits_for() -> None:
    server = Server(make_pod("p"))

    def look(pod: Pod | None) -> str | None:
        return "runs" if pod and pod["status"]["phase"] == "Running" else None

    async with watching(server) as watch:
        waiting = asyncio.create_task(watch.wait_for("p", look))
        server.tell("MODIFIED", make_pod("other", 8, "Running"))
        server.tell("MODIFIED", make_pod("p", 9))
        await wait_until(lambda: "other" in watch.pods)
        assert not waiting.done()
        server.tell("MODIFIED", make_pod("p", 10, "Running"))
        assert await waiting == "runs"


async def test_changes_come_together_until_somebody_waits_for_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watching_module, "_GATHER_SECONDS", 600)
    server = Server(make_pod("p0"), make_pod("p1"))
    server.content = Gathering
    async with watching(server) as watch:
        told: list[str] = []
        watch.add_listener(lambda name, _pod: told.append(name))
        server.tell("MODIFIED", make_pod("p0", 8, "Running"))
        await wait_until(lambda: told == ["p0"])  # the first of all is taken at once
        for version in range(9, 20):
            server.tell("MODIFIED", make_pod("p1", version, f"turn {version}"))
            await asyncio.sleep(0)
        looks = server.watches[0].content.looks
        assert told == ["p0"]
        await watch.wait_for("p1", lambda pod: True if pod == watch.pods["p1"] else None)
        await wait_until(lambda: watch.pods["p1"]["status"]["phase"] == "turn 19")
        assert server.watches[0].content.looks <= looks + 2


async def test_while_somebody_waits_for_a_pod_every_change_is_taken_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watching_module, "_GATHER_SECONDS", 600)
    server = Server(make_pod("p0"), make_pod("p1"))
    async with watching(server) as watch:
        waiting = asyncio.create_task(watch.wait_for("p1", lambda pod: pod is None or None))
        await asyncio.sleep(0)
        for version in range(8, 11):
            server.tell("MODIFIED", make_pod("p0", version, f"turn {version}"))
            said = f"turn {version}"
            await wait_until(lambda: watch.pods["p0"]["status"]["phase"] == said)  # noqa: B023
        server.tell("DELETED", make_pod("p1", 11))
        assert await waiting


async def test_the_system_does_not_wake_us_for_each_change_that_nobody_waits_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watching_module, "_GATHER_SECONDS", 600)
    connected, other = socket.socketpair()
    transport = SimpleNamespace(get_extra_info=lambda _name: connected)

    def needed() -> int:
        return int(connected.getsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT))

    server = Server(make_pod("p0"))
    async with watching(server) as watch:
        server.watches[0].connection = SimpleNamespace(transport=transport)
        server.tell("MODIFIED", make_pod("p0", 8, "Running"))
        await wait_until(lambda: needed() > 10_000)
        waiting = asyncio.create_task(watch.wait_for("p0", lambda pod: pod is None or None))
        await wait_until(lambda: needed() == 1)
        server.tell("DELETED", make_pod("p0", 9))
        await waiting
        server.tell("ADDED", make_pod("p1", 10))
        await wait_until(lambda: needed() > 10_000)
        await watch.wait_for("p1", lambda pod: pod)
        await wait_until(lambda: needed() == 1)
        server.tell("MODIFIED", make_pod("p1", 11, "Running"))
        await wait_until(lambda: needed() > 10_000)
        connected.close()  # as by the other end, while changes gather
        server.tell("DELETED", make_pod("p1", 12))
        await watch.wait_for("p1", lambda pod: pod is None or None)
        assert len(server.watches) == 1, "nothing was taken for a failure"
    other.close()


async def test_what_a_look_raises_ends_the_wait() -> None:
    def look(_pod: Pod | None) -> None:
        raise LookupError("gone")

    async with watching(Server()) as watch:
        with pytest.raises(LookupError):
            await watch.wait_for("p", look)


async def test_a_watch_that_ends_goes_on_from_where_it_was() -> None:
    server = Server(make_pod("p"))
    async with watching(server) as watch:
        server.tell("BOOKMARK", {"metadata": {"resourceVersion": "42"}})
        server.watches[-1].content.end()
        await wait_until(lambda: len(server.watches) == 2)
        assert server.asked[-1]["resourceVersion"] == "42"
        assert server.lists == 1
        assert watch.pods


@pytest.mark.parametrize("by", ["event", "answer"])
async def test_a_lost_place_lists_again_and_forgets_what_is_gone(by: str) -> None:
    server = Server(make_pod("p"), make_pod("q"), make_pod("same"))
    told: list[tuple[str, bool]] = []
    async with watching(server) as watch:
        watch.add_listener(lambda name, pod: told.append((name, pod is None)))
        server.pods = [make_pod("q", 90, "Running"), make_pod("same", 90)]
        if by == "event":
            server.tell("ERROR", {"code": 410, "message": "too old"})
        else:
            server.failures.append(ApiException(status=410))
            server.watches[-1].content.end()
        await wait_until(lambda: len(server.watches) == 2)
        assert sorted(watch.pods) == ["q", "same"]
        assert told == [("q", False), ("p", True)]


async def test_an_api_server_that_is_away_takes_nothing_with_it() -> None:
    server = Server(make_pod("p"))
    async with watching(server) as watch:
        server.failures += [ConnectionRefusedError(), ApiException(status=503)]
        server.watches[-1].content.end()
        await wait_until(lambda: len(server.watches) == 2)
        assert list(watch.pods) == ["p"]
        assert watch.is_synced
        assert server.lists == 1


@pytest.mark.parametrize("how", ["silence", "lost place"])
async def test_an_api_server_that_gives_nothing_is_not_asked_without_a_pause(how: str) -> None:
    server = Server()
    watch = PodWatch(server)
    if how == "silence":
        server.ends_at_once = True
    else:
        server.loses_every_place = True
    watch.start()
    for _turn in range(500):
        await asyncio.sleep(0)
    await watch.stop()
    assert 1 <= len(server.asked) < 6


async def test_a_line_of_any_length_may_come_in_pieces() -> None:
    server = Server()
    pod = make_pod("p", 8)
    pod["status"]["message"] = "x" * 300_000
    text = json.dumps({"type": "ADDED", "object": pod}) + "\n"
    async with watching(server) as watch:
        for start in range(0, len(text), 70_000):
            server.watches[-1].content.send(text[start : start + 70_000])
        await wait_until(lambda: "p" in watch.pods)


async def test_before_the_first_list_nothing_is_known() -> None:
    server = Server()
    server.failures += [ConnectionRefusedError()] * 100
    watch = PodWatch(server)
    watch.start()
    assert not await watch.wait_synced(0.05)
    assert not watch.is_synced
    await watch.stop()

"""The hub's end against the service's real one: settings, reports until confirmed, restarts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from sessions_service.hub.link import NoSettingsYet, ServiceEnd
from sessions_spawner.wire import hub_end as hub_end_module
from sessions_spawner.wire.channel import Answerer, Body, LinkDown, NotProven, Refused, meet_as_hub
from sessions_spawner.wire.hub_end import HubEnd
from sessions_spawner.wire.messages import Report, Stage
from sessions_spawner.wire.secret import ensure_secret
from sessions_spawner.wire.snapshot import Snapshot

from .ends import until


class Hub:
    """A hub process as the link sees it: settings that can change, and answers."""

    def __init__(self, folder: Path) -> None:
        self.settings = Snapshot(running_limit=1)
        self.end = HubEnd(
            folder,
            make_snapshot=self.make_snapshot,
            answerers={"owner": self.owner},
        )

    def make_snapshot(self) -> Snapshot:
        return self.settings

    async def owner(self, body: Body) -> Body:
        if body["name"] != "anna":
            raise Refused("missing", "There is no such user.")
        return {"name": "anna", "created": "2026"}

    async def close(self) -> None:
        for task in (self.end._task, *self.end._sending):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        self.end._outbox.close()


class Taken:
    """A service's answers: it remembers what it was asked, and refuses what it is told to."""

    def __init__(self) -> None:
        self.reports: list[str] = []
        self.stages: list[str] = []
        self.refuse: list[str] = []
        self.admitted: list[Body] = []

    def answerers(self, digest: Callable[[], str]) -> dict[str, Answerer]:
        async def reports(body: Body) -> Body:
            if self.refuse:
                raise Refused("internal", self.refuse.pop())
            self.reports += [report["id"] for report in body["reports"]]
            return {}

        async def admit(body: Body) -> Body:
            if body["settings_digest"] != digest():
                raise Refused("settings", "The settings have changed; send them first.")
            self.admitted.append(body)
            return {"id": "s"}

        async def stage(body: Body) -> Body:
            self.stages.append(body["name"])
            return {}

        return {"reports": reports, "admit": admit, "stage": stage}


@asynccontextmanager
async def listening(folder: Path, taken: Taken) -> AsyncIterator[ServiceEnd]:
    """Run the service's end in a folder."""
    service = ServiceEnd(folder, {})
    service._answerers.update(taken.answerers(lambda: service.settings_digest))
    await service.listen()
    try:
        yield service
    finally:
        await service.close()


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Hub]:
    """Give a hub's end that tries to connect."""
    hub = Hub(tmp_path)
    hub.end.start()
    yield hub
    await hub.close()


def a_report(name: str) -> Report:
    """Return a report of a session."""
    return Report(id=name, generation=1, kind="ended")


async def has_settings(service: ServiceEnd) -> None:
    """Wait until the service has the settings."""

    def look() -> bool:
        try:
            return bool(service.snapshot)
        except NoSettingsYet:
            return False

    await until(look, what="settings")


async def test_the_service_gets_the_settings_before_anything_else(tmp_path: Path, hub: Hub) -> None:
    async with listening(tmp_path, Taken()) as service:
        with pytest.raises(NoSettingsYet):
            _ = service.snapshot
        await has_settings(service)
        assert service.snapshot == hub.settings
        await until(lambda: hub.end.settings_digest == hub.settings.digest())


async def test_the_service_asks_the_hub_and_keeps_who_people_are(tmp_path: Path, hub: Hub) -> None:
    async with listening(tmp_path, Taken()) as service:
        await has_settings(service)
        owner = await service.owner("anna")
        assert owner is not None
        assert owner.key == "anna@2026"
        assert await service.owner("nobody") is None
        assert await service.owner("anna") is owner


async def test_a_report_made_while_the_service_is_away_arrives_when_it_comes(
    tmp_path: Path, hub: Hub
) -> None:
    hub.end.report(a_report("a"))
    hub.end.tell_stage(
        Stage(id="a", owner="anna", generation=1, name="lost", percent=1, message="")
    )
    taken = Taken()
    async with listening(tmp_path, taken):
        await until(lambda: taken.reports == ["a"])
        hub.end.report(a_report("b"))
        await until(lambda: taken.reports == ["a", "b"])
        await until(lambda: (tmp_path / "outbox.jsonl").stat().st_size == 0)
    assert taken.stages == []


async def test_a_report_survives_a_hub_that_is_killed(tmp_path: Path) -> None:
    first = Hub(tmp_path)
    first.end._outbox.add(a_report("a").model_dump(mode="json"))
    first.end._outbox.close()
    second, taken = Hub(tmp_path), Taken()
    second.end.start()
    async with listening(tmp_path, taken):
        await until(lambda: taken.reports == ["a"])
    await second.close()


async def test_reports_that_the_service_could_not_take_are_sent_again(
    tmp_path: Path, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_end_module, "_REPORT_AGAIN_SECONDS", 0.02)
    taken = Taken()
    taken.refuse = ["The database is busy.", "It still is."]
    async with listening(tmp_path, taken) as service:
        await has_settings(service)
        hub.end.report(a_report("a"))
        await until(lambda: taken.reports == ["a"], what="the report to be sent again")
    assert taken.refuse == []


async def test_many_reports_go_in_order_and_each_once(tmp_path: Path, hub: Hub) -> None:
    names = [f"s{number}" for number in range(350)]
    for name in names[:250]:
        hub.end.report(a_report(name))
    taken = Taken()
    async with listening(tmp_path, taken):
        await until(lambda: len(taken.reports) >= 100)
        for name in names[250:]:
            hub.end.report(a_report(name))
        await until(lambda: len(taken.reports) >= 350)
    assert taken.reports == names


async def test_a_report_that_waits_holds_up_no_other_session(tmp_path: Path, hub: Hub) -> None:
    going_on, came = asyncio.Event(), list[str]()

    async def reports(body: Body) -> Body:
        came.extend(f"{one['id']}{one['generation']}" for one in body["reports"])
        if body["reports"][0]["id"] == "slow":
            await going_on.wait()
        return {}

    async with listening(tmp_path, Taken()) as service:
        service._answerers["reports"] = reports
        await has_settings(service)
        hub.end.report(Report(id="slow", generation=1, kind="ready"))
        hub.end.report(Report(id="slow", generation=2, kind="ended"))
        hub.end.report(a_report("quick"))
        await until(lambda: hub.end.waiting_runs() == [("slow", 1), ("slow", 2)])
        assert came == ["slow1", "quick1"], "a session's own reports wait for each other"
        going_on.set()
        await until(lambda: hub.end.waiting_runs() == [])
        assert came == ["slow1", "quick1", "slow2"]


async def test_each_sending_says_whether_the_hub_agrees_by_then(
    tmp_path: Path, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_end_module, "_REPORT_AGAIN_SECONDS", 0.02)
    words, told = [True, False], list[bool]()

    async def reports(body: Body) -> Body:
        told.extend(one["agreed"] for one in body["reports"])
        if words:
            raise Refused("wait", "The database is busy.")
        return {}

    async with listening(tmp_path, Taken()) as service:
        service._answerers["reports"] = reports
        await has_settings(service)
        hub.end.report(Report(id="a", generation=1, kind="ready"), agrees=words.pop)
        await until(lambda: hub.end.waiting_runs() == [])
        hub.end.report(Report(id="b", generation=1, kind="ready"))
        await until(lambda: hub.end.waiting_runs() == [])
    assert told == [False, True, False], "without a word of the hub's it is to be asked"


async def test_what_the_hub_said_is_not_kept_with_a_report(tmp_path: Path, hub: Hub) -> None:
    hub.end.report(Report(id="a", generation=1, kind="ready"), agrees=lambda: True)
    assert '"agreed":false' in (tmp_path / "outbox.jsonl").read_text()


async def test_admission_waits_for_a_service_that_is_restarting(tmp_path: Path, hub: Hub) -> None:
    asked = asyncio.create_task(hub.end.admit({"settings_digest": hub.settings.digest()}))
    taken = Taken()
    async with listening(tmp_path, taken):
        assert await asked == {"id": "s"}
    async with listening(tmp_path, taken):
        assert await hub.end.admit({"settings_digest": hub.settings.digest()}) == {"id": "s"}
    assert len(taken.admitted) == 2


async def test_admission_under_other_settings_sends_them_first(tmp_path: Path, hub: Hub) -> None:
    taken = Taken()
    async with listening(tmp_path, taken) as service:
        await has_settings(service)
        hub.settings = Snapshot(running_limit=2)
        assert await hub.end.admit({"settings_digest": hub.settings.digest()}) == {"id": "s"}
        assert service.snapshot.running_limit == 2
        assert await hub.end.admit({"settings_digest": "stale"}) == {"id": "s"}


class NewerSnapshot(Snapshot):
    """The settings of a hub process that is newer than the service."""

    colour: str = "red"


async def test_a_hub_of_another_version_is_admitted_by_the_digest_that_it_sent(
    tmp_path: Path, hub: Hub
) -> None:
    hub.settings = NewerSnapshot()
    taken = Taken()
    async with listening(tmp_path, taken) as service:
        await has_settings(service)
        assert service.snapshot.digest() != hub.settings.digest()
        await until(lambda: hub.end.settings_digest)
        digest = hub.end.settings_digest
        assert await hub.end.admit({"settings_digest": digest}) == {"id": "s"}
        assert [one["settings_digest"] for one in taken.admitted] == [digest]


async def test_settings_without_a_digest_are_given_one(tmp_path: Path) -> None:
    service = ServiceEnd(tmp_path, {})
    settings = Snapshot(running_limit=3)
    await service._take_settings(settings.model_dump(mode="json"))
    assert service.settings_digest == settings.digest()


async def test_somebody_looks_after_a_service_that_does_not_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_end_module, "_RETRY_SECONDS", (0.001, 0.001))
    looked: list[int] = []

    async def look() -> None:
        looked.append(1)

    hub = Hub(tmp_path)
    hub.end._when_silent = look
    hub.end.start()
    await until(lambda: len(looked) > 1)
    async with listening(tmp_path, Taken()) as service:
        await has_settings(service)
        seen = len(looked)
        await service.close()
    await until(lambda: len(looked) > seen)
    await hub.close()


async def test_the_runs_whose_reports_wait_are_known(tmp_path: Path, hub: Hub) -> None:
    hub.end.report(a_report("a"))
    hub.end.report(Report(id="b", generation=3, kind="ended"))
    assert hub.end.waiting_runs() == [("a", 1), ("b", 3)]
    taken = Taken()
    async with listening(tmp_path, taken):
        await until(lambda: hub.end.waiting_runs() == [])


async def test_a_service_that_never_takes_the_settings_is_not_asked_for_ever(
    tmp_path: Path, hub: Hub
) -> None:
    taken = Taken()
    asked = 0

    async def admit(_body: Body) -> Body:
        nonlocal asked
        asked += 1
        raise Refused("settings", "The settings have changed; send them first.")

    async with listening(tmp_path, taken) as service:
        service._answerers["admit"] = admit
        with pytest.raises(LinkDown, match="does not take the settings"):
            await asyncio.wait_for(hub.end.admit({"settings_digest": ""}), 5)
    assert asked == 3


async def test_other_refusals_of_admission_are_the_answer(tmp_path: Path, hub: Hub) -> None:
    async def admit(_body: Body) -> Body:
        raise Refused("limit", "Stop one first.")

    async with listening(tmp_path, Taken()) as service:
        service._answerers["admit"] = admit
        with pytest.raises(Refused, match="Stop one first"):
            await hub.end.admit({"settings_digest": ""})


@pytest.mark.parametrize("ask", ["ask", "admit"])
async def test_a_service_that_stays_away_is_a_sentence(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, ask: str
) -> None:
    monkeypatch.setattr(hub_end_module, "_ADMIT_SECONDS", 0.1)
    question: Awaitable[Any]
    question = hub.end.ask("offer", {}) if ask == "ask" else hub.end.admit({"settings_digest": ""})
    with pytest.raises(LinkDown, match="Sessions are restarting"):
        await question
    with pytest.raises(LinkDown):
        await hub.end.send_settings()


async def test_settings_that_cannot_be_made_do_not_end_the_link_for_ever(
    tmp_path: Path, hub: Hub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = ["profile_list has the name ‘a’ twice."]

    def make() -> Snapshot:
        if wrong:
            raise ValueError(wrong.pop())
        return hub.settings

    monkeypatch.setattr(hub.end, "_make_snapshot", make)
    async with listening(tmp_path, Taken()) as service:
        await has_settings(service)
    assert "profile_list has the name" in caplog.text


async def test_a_hub_with_another_secret_is_not_heard(tmp_path: Path) -> None:
    ensure_secret(tmp_path / "link.secret")
    async with listening(tmp_path, Taken()) as service:
        reader, writer = await asyncio.open_unix_connection(str(tmp_path / "link.sock"))
        with pytest.raises(NotProven):
            await meet_as_hub(reader, writer, b"x" * 32)
        writer.close()
        assert not service.is_up
        with pytest.raises(NoSettingsYet):
            _ = service.snapshot


async def test_the_socket_is_its_owners_alone(tmp_path: Path) -> None:
    async with listening(tmp_path, Taken()):
        assert (tmp_path / "link.sock").stat().st_mode & 0o777 == 0o600


async def test_a_page_waits_only_as_long_as_it_says_for_a_service_that_is_away(
    tmp_path: Path,
) -> None:
    hub = Hub(tmp_path)
    with pytest.raises(LinkDown):
        async with asyncio.timeout(5):
            await hub.end.ask("last", {}, seconds=0.05)
    await hub.close()

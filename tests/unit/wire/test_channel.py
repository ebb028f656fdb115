"""The link over a real socket: proofs, questions, answers, refusals, and an end in the middle."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from sessions_spawner.wire.channel import (
    LINK_VERSION,
    MOST_BYTES,
    Body,
    Channel,
    LinkDown,
    NotProven,
    Refused,
    meet_as_hub,
    meet_as_service,
    peer_is_own_user,
)
from sessions_spawner.wire.secret import prove

from .ends import channel_pair, stream_pair, until

SECRET = b"s" * 32


async def echo(body: Body) -> Body:
    return body


# The handshake


async def test_ends_that_know_the_secret_meet() -> None:
    async with stream_pair() as (left, right):
        await asyncio.gather(
            meet_as_hub(left.reader, left.writer, SECRET),
            meet_as_service(right.reader, right.writer, SECRET),
        )
        assert peer_is_own_user(left.writer)


async def test_the_secret_itself_is_never_sent() -> None:
    async with stream_pair() as (left, right):
        meeting = asyncio.create_task(meet_as_service(right.reader, right.writer, SECRET))
        hello = await left.reader.readline()
        left.writer.write(b"{}\n")
        with pytest.raises(NotProven):
            await meeting
        assert SECRET not in hello
        assert SECRET.hex().encode() not in hello


async def test_a_hub_with_another_secret_is_not_let_in() -> None:
    async with stream_pair() as (left, right):

        async def service() -> None:
            try:
                await meet_as_service(right.reader, right.writer, SECRET)
            finally:
                right.writer.close()

        met = await asyncio.gather(
            meet_as_hub(left.reader, left.writer, b"t" * 32), service(), return_exceptions=True
        )
        assert [type(one) for one in met] == [NotProven, NotProven]
        assert "does not know the secret" in str(met[1])


async def test_a_service_with_another_secret_is_not_believed() -> None:
    async with stream_pair() as (left, right):
        meeting = asyncio.create_task(meet_as_hub(left.reader, left.writer, SECRET))
        right.writer.write(json.dumps({"nonce": "n", "versions": [LINK_VERSION]}).encode() + b"\n")
        hello = json.loads(await right.reader.readline())
        # The hub's own proof sent back is no proof of the service.
        right.writer.write(json.dumps({"proof": hello["proof"], "version": 1}).encode() + b"\n")
        with pytest.raises(NotProven, match="does not know the secret"):
            await meeting


async def test_a_proof_of_an_earlier_meeting_is_worth_nothing() -> None:
    async with stream_pair() as (left, right):
        meeting = asyncio.create_task(meet_as_service(right.reader, right.writer, SECRET))
        await left.reader.readline()
        stale = prove(SECRET, "hub", b"nonce of yesterday", b"own")
        hello = {"nonce": "own", "versions": [LINK_VERSION], "proof": stale}
        left.writer.write(json.dumps(hello).encode() + b"\n")
        with pytest.raises(NotProven, match="does not know the secret"):
            await meeting


@pytest.mark.parametrize(
    "hello",
    [
        b"",
        b"\n",
        b"{}\n",
        b"[]\n",
        b"5\n",
        b"not json\n",
        b"\xff\xfe\n",
        b'{"nonce": "n", "versions": 1, "proof": "x"}\n',
        b'{"nonce": "n", "versions": [2], "proof": "x"}\n',
        b'{"nonce": null, "versions": [1], "proof": null}\n',
        b'{"nonce": "\\ud800", "versions": [1], "proof": "\\ud800"}\n',
        b'{"nonce": {"a": []}, "versions": [1]}\n',
        b"[" * 200_000 + b"\n",
    ],
)
@pytest.mark.parametrize("meet", [meet_as_hub, meet_as_service])
async def test_a_stranger_is_not_proven_whatever_he_says(hello: bytes, meet: Any) -> None:
    async with stream_pair() as (left, right):
        right.writer.write(hello)
        right.writer.write_eof()
        with pytest.raises(NotProven):
            await meet(left.reader, left.writer, SECRET)


# Questions and answers


async def test_both_ends_ask_and_are_answered() -> None:
    async def double(body: Body) -> Body:
        return {"n": body["n"] * 2}

    async with channel_pair({"double": double}, {"echo": echo}) as (one, other):
        assert await one.ask("echo", {"text": "Grüße\n🚀"}) == {"text": "Grüße\n🚀"}
        assert await other.ask("double", {"n": 21}) == {"n": 42}


async def test_a_refusal_comes_with_code_sentence_and_fields() -> None:
    async def refuse(_body: Body) -> Body:
        raise Refused("limit", "Stop one first.", {"drive": "Gone."})

    async with channel_pair({}, {"admit": refuse}) as (one, _other):
        with pytest.raises(Refused) as refused:
            await one.ask("admit", {})
        assert refused.value.code == "limit"
        assert refused.value.message == "Stop one first."
        assert refused.value.fields == {"drive": "Gone."}
        assert one.is_open


async def test_a_question_that_is_not_known_is_refused() -> None:
    async with channel_pair() as (one, _other):
        with pytest.raises(Refused, match="‘render’ is not known at this end") as refused:
            await one.ask("render", {})
        assert refused.value.code == "unknown"


async def test_a_bug_in_an_answer_is_refused_without_inner_detail() -> None:
    async def fail(_body: Body) -> Body:
        raise ValueError("canary")

    async with channel_pair({}, {"fail": fail, "echo": echo}) as (one, _other):
        with pytest.raises(Refused) as refused:
            await one.ask("fail", {})
        assert refused.value.code == "internal"
        assert "canary" not in refused.value.message
        assert await one.ask("echo", {"still": "here"}) == {"still": "here"}


@pytest.mark.parametrize("answer", [{"a": object()}, {"a": {1, 2}}, {"a": "x" * MOST_BYTES}])
async def test_an_answer_that_cannot_be_sent_is_refused_at_once(answer: Body) -> None:
    async def give(_body: Body) -> Body:
        return answer

    async with channel_pair({}, {"give": give, "echo": echo}) as (one, _other):
        with pytest.raises(Refused, match="failed"):
            await one.ask("give", {}, seconds=5)
        assert await one.ask("echo", {}) == {}


async def test_a_question_above_the_limit_is_not_sent_and_the_link_stays() -> None:
    async with channel_pair({}, {"echo": echo}) as (one, _other):
        with pytest.raises(ValueError, match="more than the link takes"):
            await one.ask("echo", {"text": "x" * MOST_BYTES})
        assert await one.ask("echo", {}) == {}


async def test_a_message_of_a_megabyte_goes_both_ways() -> None:
    text = "ä" * 1024 * 1024
    async with channel_pair({}, {"echo": echo}) as (one, _other):
        assert (await one.ask("echo", {"text": text}))["text"] == text


async def test_questions_do_not_wait_for_each_other() -> None:
    gates = [asyncio.Event() for _ in range(50)]

    async def wait(body: Body) -> Body:
        await gates[body["n"]].wait()
        return body

    async with channel_pair({}, {"wait": wait}) as (one, _other):
        asked = [asyncio.create_task(one.ask("wait", {"n": n})) for n in range(50)]
        order: list[int] = []
        for number, task in enumerate(asked):
            task.add_done_callback(lambda _task, n=number: order.append(n))  # type: ignore[misc]
        for number in reversed(range(50)):
            gates[number].set()
            await until(lambda: len(order) == 50 - number)  # noqa: B023 (called at once)
        assert [task.result()["n"] for task in asked] == list(range(50))
        assert order == list(reversed(range(50)))


async def test_silence_is_the_link_being_down_and_a_late_answer_harms_nobody() -> None:
    late = asyncio.Event()

    async def dawdle(_body: Body) -> Body:
        await late.wait()
        return {"too": "late"}

    async with channel_pair({}, {"dawdle": dawdle, "echo": echo}) as (one, _other):
        with pytest.raises(LinkDown, match=r"No answer to ‘dawdle’ within 0\.05 s"):
            await one.ask("dawdle", {}, seconds=0.05)
        late.set()
        assert await one.ask("echo", {"n": 1}) == {"n": 1}
        assert one.is_open


async def test_the_link_going_down_in_the_middle_fails_every_question_at_once() -> None:
    async def never(_body: Body) -> Body:
        await asyncio.Event().wait()
        return {}

    async with channel_pair({}, {"never": never}) as (one, other):
        asked = [asyncio.create_task(one.ask("never", {}, seconds=60)) for _ in range(3)]
        await until(lambda: len(one._waiting) == 3)
        other.close()
        answers = await asyncio.wait_for(asyncio.gather(*asked, return_exceptions=True), 5)
        assert [type(answer) for answer in answers] == [LinkDown] * 3
        assert not one.is_open
        with pytest.raises(LinkDown, match="down"):
            await one.ask("never", {})
        one.tell("stage", {})


async def test_a_cancel_that_meets_the_answer_still_cancels() -> None:
    late = asyncio.Event()

    async def answer(body: Body) -> Body:
        await late.wait()
        return body

    async with channel_pair({}, {"late": answer}) as (left, _right):
        asking = asyncio.create_task(left.ask("late", {}))
        await until(lambda: bool(left._waiting))
        (waiting,) = left._waiting.values()
        waiting.set_result({})
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        late.set()


async def test_what_is_told_arrives_and_is_not_answered() -> None:
    told: list[Body] = []

    async def note(body: Body) -> Body:
        told.append(body)
        raise Refused("x", "Nobody asked.")

    async with channel_pair({}, {"stage": note, "echo": echo}) as (one, _other):
        one.tell("stage", {"n": 1})
        one.tell("unknown", {})
        assert await one.ask("echo", {}) == {}
        await until(lambda: told == [{"n": 1}])


@pytest.mark.parametrize(
    "line",
    [
        b"not json\n",
        b"5\n",
        b"null\n",
        b'{"answer": 1}\n',
        b'{"answer": 1, "refusal": {"nonsense": 1}}\n',
        b'{"answer": 1, "refusal": 5}\n',
        b'{"answer": [1], "body": {}}\n',
        b'{"torn',
        b"x" * (MOST_BYTES + 10) + b"\n",
        b"[" * 100_000 + b"\n",
    ],
    ids=range(10),
)
async def test_nonsense_ends_the_link_in_order(line: bytes) -> None:
    async with stream_pair() as (left, right):
        channel = Channel(left.reader, left.writer, {})
        asked = asyncio.create_task(channel.ask("x", {}, seconds=60))
        await until(lambda: channel._waiting)
        serving = asyncio.create_task(channel.serve())
        right.writer.write(line)
        right.writer.write_eof()
        await asyncio.wait_for(serving, 5)
        assert not channel.is_open
        # The question failed; the one whose answer was nonsense may have, too.
        with pytest.raises((LinkDown, Refused)):
            await asked


async def test_an_answer_to_nothing_is_ignored() -> None:
    async with stream_pair() as (left, right):
        channel = Channel(left.reader, left.writer, {"echo": echo})
        serving = asyncio.create_task(channel.serve())
        right.writer.write(b'{"answer": 99, "body": {}}\n{"ask": 1, "what": "echo", "body": {}}\n')
        assert json.loads(await right.reader.readline()) == {"answer": 1, "body": {}}
        right.writer.close()
        await asyncio.wait_for(serving, 5)

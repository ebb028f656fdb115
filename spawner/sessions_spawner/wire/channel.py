"""One connection of the link: JSON lines, questions and answers in both directions."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import secrets
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from .secret import is_proof, prove

log = logging.getLogger(__name__)

LINK_VERSION: Final = 1
MOST_BYTES: Final = 8 * 1024 * 1024
_HANDSHAKE_SECONDS: Final = 5.0

Body = dict[str, Any]
Answerer = Callable[[Body], Awaitable[Body]]


class LinkDown(Exception):
    """The other end is not there, or went away before it answered."""


class Refused(Exception):
    """The other end answers with a refusal: a code, a sentence, and fields."""

    def __init__(self, code: str, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.fields = dict(fields or {})


class NotProven(Exception):
    """The other end does not know the secret, or speaks another version."""


class Channel:
    """A connection whose ends have proven the secret to each other.

    `answerers` maps what may be asked of this end to who answers. Each question runs in a task of
    its own; order is kept by whoever needs it.
    """

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        answerers: Mapping[str, Answerer],
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._answerers = answerers
        self._waiting: dict[int, asyncio.Future[Body]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._last = 0

    @property
    def is_open(self) -> bool:
        """Tell whether questions can be sent."""
        return not self._writer.is_closing()

    async def ask(self, what: str, body: Body, *, seconds: float = 10.0) -> Body:
        """Send a question and return the answer.

        Raises `Refused` when the other end refuses, `LinkDown` when it is gone or silent for
        `seconds`.
        """
        if not self.is_open:
            raise LinkDown("The link is down.")
        self._last += 1
        number = self._last
        future: asyncio.Future[Body] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        try:
            self._send({"ask": number, "what": what, "body": body})
            # Not `wait_for`: before Python 3.12 it swallows a cancel that meets the answer.
            async with asyncio.timeout(seconds):
                return await future
        except TimeoutError:
            raise LinkDown(f"No answer to ‘{what}’ within {seconds:g} s.") from None
        finally:
            self._waiting.pop(number, None)

    def tell(self, what: str, body: Body) -> None:
        """Send something that needs no answer; lost when the link is down."""
        if self.is_open:
            self._send({"tell": what, "body": body})

    async def serve(self) -> None:
        """Read until the other end closes; then every waiting question fails with `LinkDown`."""
        try:
            while line := await self._reader.readline():
                self._take(json.loads(line))
        except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
            log.warning("link.broken error=%s", type(error).__name__)
        finally:
            self.close()

    def close(self) -> None:
        """Close the connection and fail what waits."""
        self._writer.close()
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(LinkDown("The link went down."))

    def _send(self, message: Body) -> None:
        line = json.dumps(message, separators=(",", ":")).encode() + b"\n"
        if len(line) > MOST_BYTES:
            # The other end would break the link off in the middle of it.
            raise ValueError(f"A message of {len(line)} bytes is more than the link takes.")
        self._writer.write(line)

    def _take(self, message: Body) -> None:
        if "answer" in message:
            future = self._waiting.get(message["answer"])
            if future is None or future.done():
                return
            refusal = message.get("refusal")
            if refusal is not None:
                future.set_exception(Refused(**refusal))
            else:
                future.set_result(message["body"])
            return
        task = asyncio.create_task(self._answer(message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, message: Body) -> None:
        what = message.get("what") or message.get("tell")
        number = message.get("ask")
        reply: Body = {"answer": number}
        try:
            answerer = self._answerers.get(str(what))
            if answerer is None:
                raise Refused("unknown", f"‘{what}’ is not known at this end.")
            reply["body"] = await answerer(message["body"])
        except Refused as refusal:
            reply["refusal"] = {
                "code": refusal.code,
                "message": refusal.message,
                "fields": refusal.fields,
            }
        except Exception:
            log.exception("link.answer_failed what=%s", what)
            reply["refusal"] = {"code": "internal", "message": "The other end failed."}
        if number is None or not self.is_open:
            return
        try:
            self._send(reply)
        except (TypeError, ValueError):
            log.exception("link.answer_unsendable what=%s", what)
            failed = {"code": "internal", "message": "The other end failed."}
            self._send({"answer": number, "refusal": failed})


async def meet_as_service(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, secret: bytes
) -> None:
    """Prove and check the secret at the service's end. Raises `NotProven`."""
    own = secrets.token_hex(16).encode()
    _write(writer, {"nonce": own.decode(), "versions": [LINK_VERSION]})
    hello = await _read(reader)
    theirs = _nonce_of(hello)
    versions = hello.get("versions")
    if not isinstance(versions, list) or LINK_VERSION not in versions:
        raise NotProven("The hub's end speaks another version of the link.")
    if not is_proof(secret, hello.get("proof"), "hub", own, theirs):
        raise NotProven("The other end does not know the secret.")
    _write(writer, {"proof": prove(secret, "service", theirs, own), "version": LINK_VERSION})


async def meet_as_hub(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, secret: bytes
) -> None:
    """Prove and check the secret at the hub's end. Raises `NotProven`."""
    hello = await _read(reader)
    theirs = _nonce_of(hello)
    own = secrets.token_hex(16).encode()
    proof = prove(secret, "hub", theirs, own)
    _write(writer, {"nonce": own.decode(), "versions": [LINK_VERSION], "proof": proof})
    answer = await _read(reader)
    if not is_proof(secret, answer.get("proof"), "service", own, theirs):
        raise NotProven("The service's end does not know the secret.")


def peer_is_own_user(writer: asyncio.StreamWriter) -> bool:
    """Tell whether the process at the other end of a unix socket runs as this user or as root."""
    connection: socket.socket = writer.get_extra_info("socket")
    if connection.family != socket.AF_UNIX:
        return True
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _pid, uid, _gid = struct.unpack("3i", raw)
    return uid in (0, os.getuid())


def _nonce_of(hello: Body) -> bytes:
    return str(hello.get("nonce", "")).encode("utf-8", "replace")


def _write(writer: asyncio.StreamWriter, message: Body) -> None:
    writer.write(json.dumps(message).encode() + b"\n")


async def _read(reader: asyncio.StreamReader) -> Body:
    with contextlib.suppress(OSError, ValueError, RecursionError):
        async with asyncio.timeout(_HANDSHAKE_SECONDS):
            message = json.loads(await reader.readline())
        if isinstance(message, dict):
            return message
    raise NotProven("The other end did not introduce itself.")

"""The log of a container: its last lines, and what came after the last one that was told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from kubernetes_asyncio.client import ApiException

from ..wire.channel import Refused
from ..wire.messages import LogLines, LogQuestion
from .cluster_calls import CALL_ERRORS, explain
from .diagnosis.containers import find_main, read_containers
from .trimming import Pod

_CALL_SECONDS: Final = 8
# Of a program that prints more between two looks some lines are left out.
_MOST_LINES: Final = 1000
_MOST_BYTES: Final = 512 * 1024
# How often fewer lines are asked for, until the last of them are in the answer.
_MOST_TRIES: Final = 4
# The machine's clock and the hub's need not agree to the second.
_SLACK_SECONDS: Final = 30
# Nothing was printed yet, or there is nothing any more.
_SILENT: Final = (400, 404)
_FORBIDDEN: Final = 403


async def read_pod_log(
    api: Any, namespace: str, name: str, pod: Pod | None, question: LogQuestion
) -> LogLines:
    """Return lines of a container's log. Raises `Refused`.

    A cursor is the time of the last line that was told, as the API server gives it, and how many
    lines of that very time were told.
    """
    containers = read_containers(pod or {})
    main = find_main(containers)
    names = tuple(one.name for one in containers)
    container = question.container or (main.name if main else "notebook")
    if names and container not in names:
        raise Refused("container", f"There is no container ‘{container}’ in this session.")
    seen, told = _read_cursor(question.cursor)
    lines = await _fetch(api, namespace, name, container, _parameters(question, seen))
    lines, cursor, is_met = _after(lines, seen, told)
    return LogLines(
        lines=tuple(text for _, text in lines),
        cursor=cursor or question.cursor,
        skipped=bool(seen) and not is_met and bool(lines),
        container=container,
        containers=names,
    )


def _parameters(question: LogQuestion, seen: str) -> dict[str, Any]:
    given: dict[str, Any] = {"tail_lines": question.tail, "limit_bytes": _MOST_BYTES}
    at = _moment(seen)
    if at is None:
        return given
    since = max(0, int((datetime.now(UTC) - at).total_seconds())) + _SLACK_SECONDS
    return {**given, "tail_lines": _MOST_LINES, "since_seconds": since}


async def _fetch(
    api: Any, namespace: str, name: str, container: str, given: dict[str, Any]
) -> list[tuple[str, str]]:
    """Return time and text of each line. Raises `Refused`."""
    body = await _ask(api, namespace, name, container, given)
    for _ in range(_MOST_TRIES):
        # The answer begins at the tail and is cut at its end: the newest lines are not in it.
        fitting = max(1, body.count(b"\n") * 3 // 4)
        if len(body) < _MOST_BYTES or fitting >= given["tail_lines"]:
            break
        given = {**given, "tail_lines": fitting}
        body = await _ask(api, namespace, name, container, given)
    return list(_parse(body))


async def _ask(api: Any, namespace: str, name: str, container: str, given: dict[str, Any]) -> bytes:
    """Return what the API server answers, empty where nothing was printed. Raises `Refused`."""
    try:
        answer = await api.read_namespaced_pod_log(
            name,
            namespace,
            container=container,
            timestamps=True,
            _preload_content=False,
            _request_timeout=_CALL_SECONDS,
            **given,
        )
        body: bytes = await answer.read()
    except ApiException as error:
        answer, body = error, b""
    except CALL_ERRORS as error:
        raise Refused("away", explain(error).detail) from None
    if answer.status in _SILENT:
        return b""
    if answer.status == _FORBIDDEN:
        raise Refused("rights", "The hub may not read logs in this cluster; tell an administrator.")
    if answer.status != 200:
        raise Refused("away", f"The cluster does not give the log ({answer.status}).")
    return body


def _parse(body: bytes) -> Iterable[tuple[str, str]]:
    text = body.decode("utf-8", "replace")
    if len(body) >= _MOST_BYTES:
        # The last line was cut; it comes with the next look.
        text = text[: text.rfind("\n") + 1]
    for line in text.removesuffix("\n").split("\n") if text else ():
        at, _, printed = line.partition(" ")
        yield (at, printed) if _moment(at) else ("", line)


def _after(
    lines: list[tuple[str, str]], seen: str, told: int
) -> tuple[list[tuple[str, str]], str, bool]:
    """Return the lines after a cursor, the next cursor, and whether the cursor's line was met."""
    is_met = False
    if seen:
        of_then = [n for n, (at, _) in enumerate(lines) if at == seen]
        is_met = len(of_then) >= told
        first = of_then[told - 1] + 1 if is_met and told else 0
        lines = lines[first:]
        if not is_met:
            lines = [one for one in lines if not one[0] or one[0] > seen]
    last = next((at for at, _ in reversed(lines) if at), "")
    if not last:
        return lines, "", is_met
    count = sum(at == last for at, _ in lines) + (told if last == seen else 0)
    return lines, f"{last} {count}", is_met


def _read_cursor(cursor: str) -> tuple[str, int]:
    at, _, told = cursor.partition(" ")
    if _moment(at) is None or not (told.isascii() and told.isdigit()):
        return "", 0
    return at, int(told[:6])


def _moment(text: str) -> datetime | None:
    """Return a time of the API server's, which has nine digits after the second."""
    if not text[:4].isdigit() or len(text) > 40:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None

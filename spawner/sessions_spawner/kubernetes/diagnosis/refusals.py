"""What the API server says when it refuses to make something of a session's."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from .finding import Verdict
from .reading import read_list, read_text
from .words import clean, join_words, say_amount, say_resource

_MOST_FIELDS: Final = 20
_MESSAGE_LENGTH: Final = 4000
_QUOTA: Final = re.compile(
    r"exceeded quota: [^,]{1,253}, requested: (.{1,500}), used: (.{1,500}), limited: (.{1,500})"
)
_UNSAID: Final = re.compile(r"failed quota: [^:]{1,253}: must specify (.{1,500})")
_LIMIT: Final = re.compile(
    r"(maximum|minimum) ([\w./-]{1,80}) usage per (\w{1,40}) is ([\w.]{0,40}\w)"
    r"(?:, but (?:limit|request) is ([\w.]{0,40}\w)|\. (No \w{1,10}) is specified)?"
)
_HOLDERS: Final = {"Container": "container", "Pod": "session", "PersistentVolumeClaim": "drive"}
_RATIO: Final = re.compile(
    r"([\w./-]{1,80}) max limit to request ratio per \w{1,40} is ([\w.]{0,40}\w)"
)
_SECURITY: Final = re.compile(r'violates PodSecurity "([\w.:-]{1,80})": (.{1,2000})')
_RIGHT: Final = re.compile(r'cannot (\w{1,40}) resource "([\w./-]{1,80})"')
_ACCOUNT: Final = re.compile(r'serviceaccount "([^"]{1,253})" not found')
_PRIORITY: Final = re.compile(r"no PriorityClass with name (\S{1,253}) was found")
_NO_QUOTA: Final = re.compile(r"insufficient quota to (?:consume|match these scopes): (.{1,200})")
_WHOLE_VALUE: Final = re.compile(r"^Invalid value: (?:\w+\.\w+)?[{\[].*[}\]]: ", re.DOTALL)
_HOOK: Final = re.compile(r'admission webhook "[^"]{1,253}" denied the request:? ?(.{0,2000})')
_POLICY: Final = re.compile(r"[Pp]olicy ['\"][^'\"]{1,253}['\"].{0,300}? denied request: (.*)")


def explain_refusal(status: int, body: object) -> Verdict:
    """Return why the API server refused, from the HTTP status and the `Status` that it answered.

    Final means that the same call will not be answered otherwise soon. What is not final may have
    been done all the same (a lost answer, an object of that name). Never raises.
    """
    message = clean(read_text(body, "message"), _MESSAGE_LENGTH)
    if status >= 500:
        return _refused(_silence(status, message))
    return _BY_STATUS.get(status, _explain_other)(message, body)


def _refused(sentence: str, *, is_final: bool = False, **fields: Any) -> Verdict:
    return Verdict("refused", f"{clean(sentence, 300).rstrip('.')}.", is_final, **fields)


def _silence(status: int, message: str) -> str:
    if "failed calling webhook" in message:
        return "A check of the cluster's own did not answer; try again, or tell an administrator"
    return f"The cluster does not answer ({status}); try again later"


def _explain_forbidden(message: str, body: object) -> Verdict:
    """Try the readers of a 403 in the order of how much they say."""
    for read in _FORBIDDEN:
        if verdict := read(message):
            return verdict
    return _explain_other(message, body)


def _read_quota(message: str) -> Verdict | None:
    if not (found := _QUOTA.search(message)):
        return None
    asked, used, most = (_read_amounts(part) for part in found.groups())
    parts = [_say_quota(name, asked[name], used.get(name), most.get(name)) for name in asked]
    return Verdict("quota", clean("; ".join(parts) or message), is_final=True)


def _read_amounts(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(","))
    return {name.strip(): amount.strip() for name, equals, amount in pairs if equals}


def _say_quota(name: str, asked: str, used: str | None, most: str | None) -> str:
    word = _word_of_quota(name)
    amounts = (say_amount(word, amount or "?") for amount in (used, most, asked))
    now, limit, more = (amount.removesuffix(f" {word}") for amount in amounts)
    return f"{word}: {now} of {limit} in use, and this one asks for {more} more"


def _word_of_quota(name: str) -> str:
    counted = name.removeprefix("count/")
    return {"pods": "pods", "persistentvolumeclaims": "drives"}.get(counted) or say_resource(name)


def _read_unsaid(message: str) -> Verdict | None:
    if not (found := _UNSAID.search(message)):
        return None
    named = re.findall(r"([\w./-]{1,80}) for:", found[1]) or found[1].split(",")
    names = [clean(name, 80) for name in named[:_MOST_FIELDS]]
    words = [f"{say_resource(name)} ({name.partition('.')[0]})" for name in names]
    said = f"The limit of your team asks every session to say its {join_words(words)}"
    fields = {f"resources.{name}": "Say how much." for name in names}
    return _refused(f"{said}; choose a size that does", is_final=True, fields=fields)


def _read_limit(message: str) -> Verdict | None:
    fields: dict[str, str] = {}
    for bound, resource, holder, amount, asked, unsaid in _LIMIT.findall(message)[:_MOST_FIELDS]:
        word = say_resource(resource)
        most = "At most" if bound == "maximum" else "At least"
        had = f", not {_of(word, asked)}" if asked else ", and none is asked for" if unsaid else ""
        fields[f"resources.{resource}"] = (
            f"{most} {_of(word, amount)} is allowed for one {_HOLDERS.get(holder, holder)}{had}."
        )
    for resource, ratio in _RATIO.findall(message)[:_MOST_FIELDS]:
        said = f"The limit may be at most {ratio} times the request."
        fields.setdefault(f"resources.{resource}", said)
    if not fields:
        return None
    return _refused(" ".join(fields.values()), is_final=True, fields=fields)


def _of(word: str, amount: str) -> str:
    said = say_amount(word, amount)
    return said if said.endswith(word) else f"{said} of {word}"


def _read_security(message: str) -> Verdict | None:
    if not (found := _SECURITY.search(message)):
        return None
    level = found[1].partition(":")[0]
    controls = re.sub(r"\([^()]*(?:\([^()]*\)[^()]*)*\)", "", found[2])
    named = [clean(one, 80) for one in controls.split(",") if one.strip()]
    said = f"The cluster's rules ({level}) refuse {join_words(named or ['it'])}"
    return _refused(f"{said}; change that in the pod", is_final=True)


def _read_right(message: str) -> Verdict | None:
    if not (found := _RIGHT.search(message)):
        return None
    said = f"The hub may not {found[1]} {found[2]} in the cluster"
    return _refused(f"{said}; an administrator can give it that right", is_final=True)


def _read_name(message: str) -> Verdict | None:
    if found := _ACCOUNT.search(message):
        said = f"The service account ‘{found[1]}’ is not in the cluster; choose another"
    elif found := _PRIORITY.search(message):
        said = f"The priority ‘{found[1]}’ is not in the cluster; choose another"
    elif "being terminated" in message:
        said = "The place for sessions in the cluster is being removed; tell an administrator"
    else:
        return None
    return _refused(said, is_final=True)


def _read_no_quota(message: str) -> Verdict | None:
    if not (found := _NO_QUOTA.search(message)):
        return None
    return Verdict("quota", f"there is none for {clean(found[1], 120)}", is_final=True)


def _read_unknown_quota(message: str) -> Verdict | None:
    """Read a quota that was made a moment ago: the cluster has not counted for it yet."""
    if "status unknown for quota" not in message:
        return None
    return _refused("The cluster has not counted yet what your team uses; try again")


def _explain_conflict(message: str, _body: object) -> Verdict:
    if "already exists" in message:
        return _refused("Something of that name is still in the cluster; try again in a minute")
    return _refused("The cluster changed the same thing at the same time; try again")


def _explain_busy(message: str, _body: object) -> Verdict:
    if "disruption budget" in message:
        return _refused("The cluster may not take it away now: too few like it would be left")
    return _refused("The cluster has too much to do; try again in a minute")


def _explain_login(_message: str, _body: object) -> Verdict:
    return _refused("The cluster does not know the hub; an administrator can mend that")


def _explain_missing(_message: str, _body: object) -> Verdict:
    said = "The place for sessions is not in the cluster; an administrator can make it"
    return _refused(said, is_final=True)


def _explain_fields(message: str, body: object) -> Verdict:
    """Explain a 422, which names what is wrong by its path in the object."""
    causes = read_list(body, "details", "causes")[:_MOST_FIELDS]
    fields = {
        clean(read_text(one, "field")): _say_wrong(read_text(one, "message"))
        for one in causes
        if read_text(one, "field")
    }
    if not fields:
        return _explain_other(message, body)
    said = "; ".join(f"{path}: {wrong}" for path, wrong in fields.items())
    return _refused(f"Change this: {said}", is_final=True, fields=fields)


def _say_wrong(message: str) -> str:
    """Leave out the value where it is a whole object: what is wrong with it comes after it."""
    return clean(_WHOLE_VALUE.sub("", message[:_MESSAGE_LENGTH])) or "Wrong."


def _explain_other(message: str, _body: object) -> Verdict:
    found = _HOOK.search(message) or _POLICY.search(message)
    words = found[1] if found else message.rpartition(" is forbidden: ")[2]
    said = clean(words, 240) or "it gave no reason"
    return _refused(f"The cluster refused it: {said}", is_final=True)


_FORBIDDEN: Final[tuple[Callable[[str], Verdict | None], ...]] = (
    _read_quota,
    _read_unsaid,
    _read_no_quota,
    _read_unknown_quota,
    _read_limit,
    _read_security,
    _read_right,
    _read_name,
)
_BY_STATUS: Final[Mapping[int, Callable[[str, object], Verdict]]] = {
    401: _explain_login,
    403: _explain_forbidden,
    404: _explain_missing,
    409: _explain_conflict,
    422: _explain_fields,
    429: _explain_busy,
}

"""Text made to be expensive, ambiguous or invisible is refused after little work.

Work is counted in the parser's events and in the characters that it was given, not in seconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any, Final

import pytest

from sessions_spawner.policy.pod_yaml import (
    LOADER,
    MAX_DEPTH,
    MAX_NODES,
    PodYaml,
    YamlRefused,
    read_pod_yaml,
)
from sessions_spawner.request.fields import YAML_BYTES
from tests.support.attacks import read_attacks

# Start and end of the stream and of a document, and the one event that is too many.
FRAME: Final = 6


class Counting:
    """Makes loaders that count the events they give."""

    def __init__(self) -> None:
        self.events = 0

    def loader(self, text: str) -> Any:
        counting = self

        class Loader(LOADER):  # type: ignore[misc]
            def get_event(self) -> Any:
                counting.events += 1
                return super().get_event()

        return Loader(text)


def read(text: str) -> tuple[PodYaml | YamlRefused, int]:
    """Return what becomes of a text, and after how many events."""
    counting = Counting()
    try:
        return read_pod_yaml(text, counting.loader), counting.events
    except YamlRefused as refused:
        return refused, counting.events


def refusal(text: str) -> tuple[str, int]:
    found, events = read(text)
    assert isinstance(found, YamlRefused), text[:80]
    assert found.sentence.endswith(".")
    assert len(str(found)) < 600
    return found.sentence, events


MOST = YAML_BYTES
BOMBS: Final = {
    "nine times nine times nine": "\n".join(
        ["a0: &a0 [x, x, x]", *(f"a{n}: &a{n} [{f'*a{n - 1}, ' * 9}]" for n in range(1, 30))]
    ),
    "one long text many times": f"a: &a {'x' * 20_000}\nb: [{'*a,' * 10_000}]",
    "merged and merged again": "\n".join(
        ["a0: &a0 {k: v}", *(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}" for n in range(1, 99))]
    ),
    "an anchor in itself": "a: &a [*a]",
    "aliases of nothing": f"a: [{'*b, ' * 16_000}]",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_at_its_first_anchor_or_alias(name: str) -> None:
    sentence, events = refusal(BOMBS[name])
    assert "are not taken" in sentence
    assert events <= 8


DEEP: Final = {
    "lists": "a: " + "[" * 60_000,
    "mappings": "{a: " * 16_000,
    "lists in lists on one line": "- " * 32_000 + "x",
    "mappings in lists": "".join(f"{' ' * n}- a:\n" for n in range(300)),
    "keys of keys": "? " * 30_000 + "x",
    "lists that are closed again": "a: " + "[" * 30_000 + "]" * 30_000,
    "deep in the middle": "a: [1, 2, {b: " + "[" * 100 + "]" * 100 + "}]",
}


@pytest.mark.parametrize("name", DEEP)
def test_what_is_nested_too_deep_is_refused_on_the_way_down(name: str) -> None:
    _sentence, events = refusal(DEEP[name])
    assert events <= 2 * MAX_DEPTH + FRAME


WIDE: Final = {
    "a list": "a: [" + "1," * 30_000 + "]",
    "a mapping": "\n".join(f"k{n}: 1" for n in range(7_000)),
    "empty mappings": "a: [" + "{}," * 20_000 + "]",
    "lists of one": "\n".join(f"k{n}: [1]" for n in range(6_000)),
    "texts without an end": "a:\n" + "- ''\n" * 12_000,
}


@pytest.mark.parametrize("name", WIDE)
def test_what_is_too_wide_is_refused_after_so_many_nodes(name: str) -> None:
    sentence, events = refusal(WIDE[name])
    assert sentence == f"Write at most {MAX_NODES} keys and values."
    assert events <= 2 * MAX_NODES + FRAME


@pytest.mark.parametrize("text", ["#" * MOST, "a: " + "x" * MOST, "\u00e4" * MOST, "\ufffd" * MOST])
def test_a_text_that_is_too_long_is_not_read_at_all(text: str) -> None:
    assert refusal(text + " ") == ("Keep the YAML under 64 kB.", 0)


LONG: Final = {
    "one comment": "a: 1 #" + "x" * (MOST - 6),
    "many comments": "#\n" * 32_000 + "a: 1",
    "blank lines": "\n" * (MOST - 4) + "a: 1",
    "blanks": " " * (MOST - 4) + "a: 1",
    "one value": "a: " + "x" * (MOST - 3),
    "one quoted value": 'a: "' + "x " * (MOST // 2 - 3) + '"',
    "one value on many lines": "a:" + "\n x" * 20_000,
    "a block of lines": "a: |\n" + " x\n" * 20_000,
}


@pytest.mark.parametrize("name", LONG)
def test_a_long_text_that_says_little_is_read_in_a_few_events(name: str) -> None:
    found, events = read(LONG[name])
    assert isinstance(found, PodYaml)
    assert list(found.value) == ["a"]
    assert events <= 2 + FRAME


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: " + "9" * 60_000, "This number is beyond 64 bits"),
        ("a: 0x" + "f" * 60_000, "This number is beyond 64 bits"),
        ("a: 0b" + "1" * 60_000, "This number is beyond 64 bits"),
        ("a: " + "1_" * 30_000 + "1", "This number is beyond 64 bits"),
        ("a: 1e" + "9" * 60_000, "This number is too large"),
        ("a: -1e400", "This number is too large"),
        *(
            (f"a: {word}", "JSON knows no such number")
            for word in (".nan", ".NaN", "-.inf", ".Inf")
        ),
        ("? a\n: b\n? a\n: c\n", "The key ‘a’ is there twice"),
        ('a: 1\n"a": 2\n', "The key ‘a’ is there twice"),
        ('a: 1\n"\\x61": 2\n', "The key ‘a’ is there twice"),
        ("spec: {a: {b: 1, 'b': 2}}", "The key ‘b’ is there twice"),
        ("spec:\n- a: 1\n  b: 2\n  a: 3\n", "The key ‘a’ is there twice"),
        (": x", ""),
        ("{: x}", ""),
        ("? \n: x", "Put quotes around the key"),
        ("1.5: x", "Put quotes around the key"),
        ("%YAML 1.2\n---\na: 1\n", "Leave out the lines that begin with %."),
        ("a: 1\n...\n---\nb: 2\n", "Write one document only"),
        ("a: 1\n--- !!str\nb", "Write one document only"),
        ("!!python/object/new:os.system {a: 1}", "Tags (!name) are not taken"),
        ("a: !<tag:yaml.org,2002:str> x", "Tags (!name) are not taken"),
        ("a: !!binary aGk=", "Tags (!name) are not taken"),
        ("a: !!timestamp 2026-11-21", "Tags (!name) are not taken"),
        ("a: !!set {b}", "Tags (!name) are not taken"),
        ("!!omap [a: 1]", "Tags (!name) are not taken"),
        ("\ufeffa: 1", "Leave out the invisible character U+FEFF."),
        ("a: 1\n\ufeffb: 2", "Leave out the invisible character U+FEFF."),
        ("a\u200b: 1", "Leave out the invisible character U+200B."),
        ("a: x\u0085b: y", "Leave out the invisible character U+0085."),
        ("a: x\x0bb", "Leave out the invisible character U+000B."),
        ("a: 1\r", "Leave out the invisible character U+000D."),
        ("a: 1\r\n\r\rb: 2", "Leave out the invisible character U+000D."),
        ("a: 1\n\x00b: 2", "Leave out the invisible character U+0000."),
        ('"\\0": 1', "Leave out the invisible character U+0000."),
        ('a: "\\N"', "Leave out the invisible character U+0085."),
        ('a: "\\L"', "Leave out the invisible character U+2028."),
        ('a: "\\ud800"', ""),
        ("a: 1".encode("utf-16").decode("latin-1"), "Leave out the invisible character U+0000."),
    ],
)
def test_what_can_be_read_in_two_ways_or_in_none_is_refused(text: str, sentence: str) -> None:
    found, events = refusal(text)
    assert found.startswith(sentence)
    assert events <= 20


def test_line_ends_of_windows_read_like_others() -> None:
    for attack in read_attacks():
        mine, theirs = read(attack.yaml)[0], read(attack.yaml.replace("\n", "\r\n"))[0]
        assert isinstance(mine, PodYaml)
        assert mine == theirs


PIECES: Final = (
    *("&a ", "*a ", "<<: ", "!!str ", "---\n", "...\n", "%YAML 1.1\n", "? ", ": ", "- ", "| \n"),
    *("\t", "\r", "\0", "\ufeff", "\u2028", "[", "]", "{", "}", '"', "'", "#", "\n", "  ", ","),
    *(".nan", "0x10", "1e999", "~", "yes", "9" * 30, "$patch: delete", "name: notebook", "\ud800"),
)


def mutations(seed: int, number: int) -> Iterator[str]:
    """Give texts of attacks with some places cut, doubled, moved or written over."""
    chance = Random(seed)
    texts = [attack.yaml for attack in read_attacks()]
    for _ in range(number):
        text = "".join(chance.sample(texts, chance.choice((1, 1, 2))))
        for _ in range(chance.choice((1, 2, 4))):
            start, end = sorted(chance.randrange(len(text) + 1) for _ in range(2))
            new = chance.choice(("", text[start:end] * 2, chance.choice(PIECES)))
            text = text[:start] + new + text[chance.choice((start, end)) :]
        yield text


def test_a_text_with_places_changed_is_json_within_the_bounds_or_one_sentence() -> None:
    taken = 0
    for text in mutations(20261121, 3_000):
        found, events = read(text)
        assert events <= min(2 * len(text) + FRAME, 2 * MAX_NODES + FRAME)
        if isinstance(found, YamlRefused):
            assert found.sentence.endswith(".")
            assert "\n" not in str(found)
            continue
        taken += 1
        assert json.loads(json.dumps(found.value, allow_nan=False)) == found.value
        assert depth(found.value) <= MAX_DEPTH
    assert 300 <= taken <= 2_700


def test_what_is_taken_is_what_any_other_reader_of_yaml_takes_for_its_structure() -> None:
    """PyYAML's own reading has the same keys and lists; what words mean is kubectl's."""
    for text in mutations(20261122, 1_000):
        found, _ = read(text)
        if isinstance(found, PodYaml):
            assert shape(LOADER(text).get_single_data()) == shape(found.value)


def depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(depth, inner), default=0) if isinstance(value, (dict, list)) else 0


def shape(value: Any) -> Any:
    """Return a value with nothing but its keys and lists."""
    if isinstance(value, dict):
        return {str(key): shape(one) for key, one in value.items()}
    return [shape(one) for one in value] if isinstance(value, list) else None

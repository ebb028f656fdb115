"""Whatever text a user sends, it becomes JSON's types or one sentence that names the place."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions_spawner.policy.pod_yaml import (
    LOADER,
    MAX_DEPTH,
    MAX_NODES,
    PodYaml,
    YamlRefused,
    read_pod_yaml,
)
from sessions_spawner.request.fields import YAML_BYTES

# libyaml's loader is not there in every build of PyYAML; where it is, it is the one that is used.
LOADERS = [yaml.SafeLoader, *([yaml.CSafeLoader] if hasattr(yaml, "CSafeLoader") else [])]

SMALL = """\
spec:
  containers:
  - name: notebook  # ours
    env:
    - {name: MODE, value: "on"}
    args: ['it''s', "tab\\there", plain words]
    resources: {limits: {cpu: 1.5, memory: 4Gi}}
  nodeSelector:
  text: |
    two
    lines
"""


@pytest.fixture(params=LOADERS, ids=lambda loader: str(loader.__name__))
def loader(request: pytest.FixtureRequest) -> Any:
    """Give each of PyYAML's two safe loaders."""
    return request.param


def refusal(text: str, loader: Any = LOADER) -> YamlRefused:
    """Return the refusal of a text."""
    with pytest.raises(YamlRefused) as caught:
        read_pod_yaml(text, loader)
    return caught.value


def test_the_faster_loader_is_used_where_it_is_there() -> None:
    assert LOADER is LOADERS[-1]


def test_a_text_becomes_a_mapping_with_the_line_of_each_value(loader: Any) -> None:
    found = read_pod_yaml(SMALL, loader)
    assert found.value == {
        "spec": {
            "containers": [
                {
                    "name": "notebook",
                    "env": [{"name": "MODE", "value": "on"}],
                    "args": ["it's", "tab\there", "plain words"],
                    "resources": {"limits": {"cpu": 1.5, "memory": "4Gi"}},
                }
            ],
            "nodeSelector": None,
            "text": "two\nlines\n",
        }
    }
    assert found.lines["spec", "containers", 0, "env", 0, "value"] == 5
    assert found.lines["spec", "containers", 0, "resources", "limits", "memory"] == 7
    assert found.lines["spec", "text"] == 9


def test_a_place_that_a_refusal_names_has_its_line() -> None:
    found = read_pod_yaml("metadata:\n  labels:\n    a/b: x\nspec:\n  tolerations:\n  - key: y\n")
    assert found.line_of('metadata.labels["a/b"]') == 3
    assert found.line_of("spec.tolerations[0].key") == 6
    assert found.line_of("spec.volumes") is None


def test_a_document_may_have_its_marks_and_the_line_ends_of_windows(loader: Any) -> None:
    text = "---\r\na: 1\r\nb: |\r\n  x\r\n  y\r\n...\r\n"
    assert read_pod_yaml(text, loader).value == {"a": 1, "b": "x\ny\n"}


@pytest.mark.parametrize(
    ("text", "place", "sentence"),
    [
        ("", None, "Write the pod's fields as a mapping"),
        ("# nothing\n", None, "Write the pod's fields as a mapping"),
        ("---\n", (2, 1), "Write the pod's fields as a mapping"),
        ("null", (1, 1), "Write the pod's fields as a mapping"),
        ("- a\n- b\n", (1, 1), "Write the pod's fields as a mapping"),
        ("text", (1, 1), "Write the pod's fields as a mapping"),
        ("a: 1\n---\nb: 2\n", (2, 1), "Write one document only"),
        ("%YAML 1.1\n---\na: 1\n", (1, 1), "Leave out the lines that begin with %."),
        ("%TAG !e! tag:example.org,2000:\n---\na: 1\n", (1, 1), "Leave out the lines"),
        ("a: &x 1\n", (1, 4), "Anchors (&name) are not taken"),
        ("&x a: 1\n", (1, 1), "Anchors (&name) are not taken"),
        ("a: &x {}\n", (1, 4), "Anchors (&name) are not taken"),
        ("a: &x []\n", (1, 4), "Anchors (&name) are not taken"),
        ("a: 1\nb: *x\n", (2, 4), "Aliases (*name) are not taken"),
        ("*x : 1\n", (1, 1), "Aliases (*name) are not taken"),
        ("a: 1\n<<: {b: 2}\n", (2, 1), "Merge keys (<<) are not taken"),
        ("a: !!python/object/apply:os.system [id]\n", (1, 4), "Tags (!name) are not taken"),
        ("a: !!str 1\n", (1, 4), "Tags (!name) are not taken"),
        ("a: ! 1\n", (1, 4), "Tags (!name) are not taken"),
        ("a: !!map {}\n", (1, 4), "Tags (!name) are not taken"),
        ("!!binary a: 1\n", (1, 1), "Tags (!name) are not taken"),
        ("spec: {}\nspec: {}\n", (2, 1), "The key ‘spec’ is there twice"),
        ("{a: 1, 'a': 2}", (1, 8), "The key ‘a’ is there twice"),
        ("8080: x\n", (1, 1), "Put quotes around the key ‘8080’."),
        ("on: x\n", (1, 1), "Put quotes around the key ‘on’."),
        ("~: x\n", (1, 1), "Put quotes around the key ‘~’."),
        ("[a]: x\n", (1, 1), "A key is a word"),
        ("? {a: b}\n: x\n", (1, 3), "A key is a word"),
        ("a: .nan\n", (1, 4), "JSON knows no such number"),
        ("a: 9223372036854775808\n", (1, 4), "This number is beyond 64 bits"),
        ("a: 1e999\n", (1, 4), "This number is too large"),
        ("a: b\0", (1, 5), "Leave out the invisible character U+0000."),
        ("a:\n  b: \x1b[2J\n", (2, 6), "Leave out the invisible character U+001B."),
        ("\ufeffa: 1\n", (1, 1), "Leave out the invisible character U+FEFF."),
        ("a: 1\rb: 2\n", (1, 5), "Leave out the invisible character U+000D."),
        ("a: x\u2028b: 2\n", (1, 5), "Leave out the invisible character U+2028."),
        ("a: x\u202eb\n", (1, 5), "Leave out the invisible character U+202E."),
        ("a: \ud800\n", (1, 4), "Leave out the invisible character U+D800."),
        ('a: "x\\0"\n', (1, 4), "Leave out the invisible character U+0000."),
        ('a: "\\u202e"\n', (1, 4), "Leave out the invisible character U+202E."),
        ('"\\e": 1\n', (1, 1), "Leave out the invisible character U+001B."),
        ("a: [1, 2\n", (2, 1), "This is not YAML"),
        ("a: b: c\n", (1, 5), "This is not YAML"),
        ("a:\n\t- b\n", (2, 1), "This is not YAML"),
        ("a: @b\n", (1, 4), "This is not YAML"),
    ],
)
def test_what_is_not_taken_is_refused_with_its_place(
    text: str, place: tuple[int, int] | None, sentence: str, loader: Any
) -> None:
    found = refusal(text, loader)
    assert found.sentence.startswith(sentence)
    assert found.sentence.endswith(".")
    # The two loaders agree on the place of everything but broken YAML.
    if "not YAML" not in sentence:
        assert (found.line, found.column) == (place or (None, None))
    else:
        assert found.line


def test_the_refusal_names_line_column_and_path() -> None:
    found = refusal("spec:\n  containers:\n  - name: a\n    env: &e []\n")
    assert found.path == ("spec", "containers", 0, "env")
    assert str(found) == (
        "line 4, column 10, spec.containers[0].env: Anchors (&name) are not taken: leave it out."
    )
    assert str(refusal("")) == refusal("").sentence


def test_a_quoted_merge_key_is_a_key_like_any_other(loader: Any) -> None:
    assert read_pod_yaml('"<<": 1\nb: <<\n', loader).value == {"<<": 1, "b": "<<"}


def test_a_long_key_is_cut_in_the_sentence() -> None:
    long = "k" * 500
    assert len(str(refusal(f"{long}: 1\n{long}: 2\n"))) < 300


def test_the_bomb_of_a_billion_laughs_is_refused_at_its_first_anchor(loader: Any) -> None:
    lines = ["a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    assert refusal("\n".join(lines), loader).line == 1


def test_a_text_may_have_64_kb_and_no_more(loader: Any) -> None:
    assert read_pod_yaml("a: " + "ä" * ((YAML_BYTES - 4) // 2), loader).value["a"]
    found = refusal("a: " + "ä" * (YAML_BYTES // 2), loader)
    assert found.sentence == "Keep the YAML under 64 kB."


@pytest.mark.parametrize("style", ["flow", "block"])
def test_a_text_may_nest_so_deep_and_no_deeper(style: str, loader: Any) -> None:
    def nested(levels: int) -> str:
        if style == "flow":
            return "{a: " + "[" * (levels - 1) + "]" * (levels - 1) + "}"
        return "".join(f"{'  ' * n}a:\n" for n in range(levels))

    assert read_pod_yaml(nested(MAX_DEPTH), loader).value
    found = refusal(nested(MAX_DEPTH + 1), loader)
    assert found.sentence == f"Nest at most {MAX_DEPTH} levels."
    assert refusal(nested(160 if style == "block" else 5_000), loader).sentence == found.sentence


def test_a_text_may_hold_so_many_nodes_and_no_more(loader: Any) -> None:
    # The mapping, its key and the list are nodes too.
    assert read_pod_yaml(f"a: [{'1,' * (MAX_NODES - 3)}]", loader).value
    found = refusal(f"a: [{'1,' * (MAX_NODES - 2)}]", loader)
    assert found.sentence == f"Write at most {MAX_NODES} keys and values."


def _is_short(text: str) -> bool:
    return len(json.dumps(text)) < 1_000


# What JSON can say and this intake takes: no forbidden characters, and keys as short as YAML has
# them. Numbers that JSON writes with a fraction of zero come back as the same whole numbers.
TEXT = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cn"),
        exclude_characters="\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff",
    )
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**63), max_value=2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(TEXT.filter(_is_short), inner, max_size=5)
    ),
    max_leaves=30,
)


DOCUMENTS = st.dictionaries(TEXT.filter(_is_short), JSON, max_size=5)


@given(DOCUMENTS, st.sampled_from([None, 1, 2]))
def test_json_reads_as_itself(document: dict[str, Any], indent: int | None) -> None:
    text = json.dumps(document, indent=indent, ensure_ascii=False)
    for loader in LOADERS:
        assert read_pod_yaml(text, loader).value == document


@given(DOCUMENTS)
def test_every_value_has_its_line(document: dict[str, Any]) -> None:
    found = read_pod_yaml(json.dumps(document, ensure_ascii=False))
    assert set(found.lines) == set(paths_of(document))


def paths_of(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the path of a value and of everything in it."""
    entries: Any = ()
    if isinstance(value, dict):
        entries = value.items()
    elif isinstance(value, list):
        entries = enumerate(value)
    return [path, *(inner for step, one in entries for inner in paths_of(one, (*path, step)))]


PIECES = st.sampled_from(
    [*"\n\t -:{}[],'\"#&*!|>%@`?~\\ab01.<", "\n  ", "\n- ", ": ", "---\n", "a: ", "&a ", "*a"]
)
YAML_LIKE = st.lists(PIECES | st.characters(), max_size=60).map("".join)


def outcome(text: str, loader: Any) -> PodYaml | str:
    """Return what is read, or the sentence with which it is refused."""
    try:
        return read_pod_yaml(text, loader)
    except YamlRefused as refused:
        return str(refused)


@settings(max_examples=500)
@given(st.text() | YAML_LIKE | YAML_LIKE.map(lambda text: SMALL + text))
def test_any_text_is_json_or_refused_and_nothing_else(text: str) -> None:
    for loader in LOADERS:
        found = outcome(text, loader)
        if isinstance(found, str):
            assert found.endswith(".")
            assert "\n" not in found
        else:
            again = json.loads(json.dumps(found.value, allow_nan=False))
            assert again == found.value
            assert isinstance(again, dict)

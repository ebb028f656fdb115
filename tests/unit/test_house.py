"""The rules of the house that no linter knows, over every file of the checkout."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGES = (
    CHECKOUT / "spawner" / "sessions_spawner",
    CHECKOUT / "hub_service" / "sessions_service",
    CHECKOUT / "labextension_proxy" / "sessions_proxy",
)
# Folders that git ignores: what is installed, built or left by tools.
IGNORED = {
    *(".git", ".venv", ".venv-hub5", ".build", ".state", "dist", "node_modules", "test-artefacts"),
    *("__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".import_linter_cache"),
    *(".hypothesis", ".cluster"),
}
BUILT = (
    CHECKOUT / "hub_service" / "sessions_service" / "web" / "static" / "app",
    CHECKOUT / "labextension_proxy" / "sessions_proxy" / "shell" / "static",
)
CODE = {".py", ".ts", ".tsx"}
LONGEST = 400
# Files that may be longer, each with its reason.
LONGER = {
    "hub_service/ui/src/texts.ts": "every sentence of the page, in one place to read and translate",
    "hub_service/ui/src/api/schemas.ts": "made of the OpenAPI document, as long as it is",
}

# Written in pieces, so that this file does not trip over itself.
MACHINE_PATHS = tuple("/" + name + "/" for name in ("work", "root", "opt/wheels"))
REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("registry", "npmjs", "org"),
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("deb", "debian", "org"),
        ("proxy", "golang", "org"),
    )
)


@cache
def house_files() -> tuple[Path, ...]:
    """Return every file that belongs to the checkout, without what git ignores."""
    return tuple(sorted(_walk(CHECKOUT)))


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_symlink() or path.name in IGNORED or path in BUILT:
            continue
        if path.is_dir():
            yield from _walk(path)
        elif path.suffix not in {".pyc", ".tsbuildinfo"}:
            yield path


@cache
def text_of(path: Path) -> str:
    """Return a file's text; nothing for a picture."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def lines_with(pattern: str, files: Iterator[Path]) -> list[str]:
    """Return "file:line" for each line that a pattern is found in."""
    wanted = re.compile(pattern)
    return [
        f"{path.relative_to(CHECKOUT)}:{number}"
        for path in files
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if wanted.search(line)
    ]


def code(*suffixes: str, tests: bool = True) -> Iterator[Path]:
    """Give the files with one of the suffixes, but not this one."""
    for path in house_files():
        place = path.relative_to(CHECKOUT).parts
        if path.suffix in suffixes and path != Path(__file__) and (tests or place[0] != "tests"):
            yield path


@pytest.mark.parametrize("text", [*MACHINE_PATHS, *REGISTRIES])
def test_no_file_names_a_machine_or_a_registry(text: str) -> None:
    assert lines_with(rf"(?<![\w.-]){re.escape(text)}", iter(house_files())) == []


def test_no_program_is_started_through_a_shell() -> None:
    assert lines_with(r"shell\s*=\s*True|os\.system\(|os\.popen\(", code(".py")) == []


def test_yaml_is_read_by_a_safe_loader_only() -> None:
    unsafe = r"yaml\.(load|load_all|unsafe_load|full_load)\(|yaml\.(Unsafe|Full)?Loader\b"
    assert lines_with(unsafe, code(".py")) == []


def test_nothing_is_unpickled() -> None:
    assert (
        lines_with(r"^\s*(import|from) (pickle|marshal|shelve)\b", code(".py", tests=False)) == []
    )


def test_the_pages_set_no_raw_html() -> None:
    raw = r"dangerouslySetInnerHTML|\.(inner|outer)HTML\s*=|insertAdjacentHTML|document\.write\("
    pages = (path for path in code(".ts", ".tsx", ".js", ".html") if "eslint" not in path.name)
    assert lines_with(raw, pages) == []


def test_templates_escape_everything() -> None:
    assert lines_with(r"\|\s*safe\b|autoescape\s+false", code(".html", ".jinja", ".j2")) == []


def test_our_own_code_is_not_mocked() -> None:
    imported = r"^\s*(import unittest\.mock|from unittest(\.mock)? import)"
    mock = imported + r"|MagicMock|monkeypatch\.setattr\(\s*[\"']?sessions_"
    assert lines_with(mock, code(".py")) == []


def test_nothing_is_left_to_do_in_the_code() -> None:
    assert lines_with(r"\b(TODO|FIXME|XXX)\b", code(*CODE)) == []


def test_tests_wait_for_things_not_for_time() -> None:
    """A sleep belongs into a wait helper, in tests/support or a module of helpers."""
    tests = (path for path in code(".py") if path.name.startswith("test_"))
    assert [f"{path.name}:{line}" for path in tests for line in sleeps(path)] == []


def sleeps(path: Path) -> Iterator[int]:
    """Give the lines on which a module itself sleeps; programs in its strings may."""
    for node in ast.walk(ast.parse(text_of(path))):
        match node:
            case ast.Call(func=ast.Attribute(attr="sleep"), args=[ast.Constant(value=0)]):
                continue  # only lets others run
            case ast.Call(func=ast.Attribute(value=ast.Name(), attr="sleep")):
                yield node.lineno


def test_no_module_is_named_for_nothing() -> None:
    vague = {"utils", "util", "helpers", "common", "misc"}
    assert [
        str(path) for path in code(*CODE) if path.stem in vague or path.parent.name in vague
    ] == []


def test_long_files_have_a_reason() -> None:
    long = {
        str(path.relative_to(CHECKOUT))
        for path in code(*CODE)
        if len(text_of(path).splitlines()) > LONGEST
    }
    assert long <= set(LONGER), "split it by subject, or name the reason in LONGER"


def test_every_module_says_what_lives_in_it() -> None:
    silent = [
        str(path.relative_to(CHECKOUT))
        for path in code(".py")
        if "versions" not in path.parts and ast.get_docstring(ast.parse(text_of(path))) is None
    ]
    assert silent == []


def test_every_package_folder_is_a_package() -> None:
    """A folder without `__init__.py` would be left out of type checks and import contracts."""
    folders = {path.parent for package in PACKAGES for path in package.rglob("*.py")}
    bare = [str(f.relative_to(CHECKOUT)) for f in folders if not (f / "__init__.py").exists()]
    assert bare == []


def test_package_locks_name_no_address() -> None:
    """An npm lock with addresses would bind every checkout to one registry."""
    locks = (path for path in house_files() if path.name == "package-lock.json")
    assert lines_with(r'"resolved"', locks) == []

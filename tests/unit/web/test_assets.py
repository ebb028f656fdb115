"""The page names the files of its build, which are looked up once a build."""

from __future__ import annotations

import json
import os
from pathlib import Path

from sessions_service.web.page import Pages


def test_a_builds_files_are_read_once_and_a_new_builds_are_found(tmp_path: Path) -> None:
    manifest = tmp_path / "app" / ".vite" / "manifest.json"
    manifest.parent.mkdir(parents=True)

    def build(number: int) -> None:
        main = {"isEntry": True, "file": f"main-{number}.js", "imports": ["parts"]}
        parts = {"file": "parts.js", "css": ["parts.css"]}
        manifest.write_text(json.dumps({"main": main, "parts": parts}))
        os.utime(manifest, (number, number))

    build(1)
    pages = Pages(tmp_path, tmp_path)
    first = pages.assets()
    assert first == {
        "js": "app/main-1.js",
        "modules": ["app/parts.js"],
        "css": ["app/parts.css"],
    }
    assert pages.assets() is first
    build(2)
    assert pages.assets()["js"] == "app/main-2.js"

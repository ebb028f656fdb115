"""Reports that the service has not confirmed yet, kept in a small 0600 file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any


class Outbox:
    """An append-only file of numbered reports; emptied when all of them are confirmed."""

    def __init__(self, path: Path) -> None:
        self._reports: dict[int, dict[str, Any]] = {}
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        os.fchmod(descriptor, 0o600)
        self._file = os.fdopen(descriptor, "a+", encoding="ascii", errors="replace")
        self._load()

    def add(self, report: dict[str, Any]) -> int:
        """Keep a report until it is confirmed; return its number."""
        number = max(self._reports, default=0) + 1
        self._reports[number] = {**report, "n": number}
        self._file.write(json.dumps(self._reports[number], separators=(",", ":")) + "\n")
        self._file.flush()
        return number

    def waiting(self) -> list[dict[str, Any]]:
        """Return the reports that wait, oldest first."""
        return list(self._reports.values())

    def confirm(self, numbers: Iterable[int]) -> None:
        """Forget the reports of these numbers."""
        for number in numbers:
            self._reports.pop(number, None)
        if not self._reports:
            self._file.truncate(0)

    def close(self) -> None:
        """Close the file; what waits stays in it."""
        self._file.close()

    def _load(self) -> None:
        self._file.seek(0)
        text = self._file.read()
        for line in text.splitlines():
            # The last line may be torn by a crash in the middle of a write.
            try:
                report = json.loads(line)
                self._reports[int(report["n"])] = report
            except (ValueError, KeyError, TypeError):
                continue
        if text and not text.endswith("\n"):
            # What comes next must not grow together with the torn line.
            self._file.write("\n")
            self._file.flush()

"""kubectl for tests: calls that fail raise, and answers are read as JSON."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Kubectl:
    """The program with a kubeconfig, and perhaps a namespace."""

    program: Path
    kubeconfig: Path
    namespace: str = "default"

    def within(self, namespace: str) -> Kubectl:
        """Return the same in another namespace."""
        return replace(self, namespace=namespace)

    def __call__(self, *words: str, given: str | None = None) -> str:
        """Run it with words and what it reads, and return what it says.

        Raises `AssertionError` with its complaint when it fails.
        """
        argv = [str(self.program), "--kubeconfig", str(self.kubeconfig)]
        argv += ["--namespace", self.namespace] if "--namespace" not in " ".join(words) else []
        ended = subprocess.run(
            [*argv, *words], input=given, capture_output=True, text=True, check=False, timeout=90
        )
        assert ended.returncode == 0, f"kubectl {' '.join(words)}: {ended.stderr}"
        return ended.stdout

    def get(self, what: str) -> Any:
        """Return an object, or a list of them, as JSON; `what` may hold a selector."""
        return json.loads(self("get", *what.split(), "--output=json"))

    def create(self, *objects: Mapping[str, Any]) -> None:
        """Make objects."""
        body = {"apiVersion": "v1", "kind": "List", "items": list(objects)}
        self("create", "--filename=-", given=json.dumps(body))

    def wait(self, thing: str, state: str, seconds: int = 60) -> None:
        """Wait until a thing is in a state, such as `condition=Ready`."""
        self("wait", thing, f"--for={state}", f"--timeout={seconds}s")

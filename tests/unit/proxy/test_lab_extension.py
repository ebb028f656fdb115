"""JupyterLab's extension: what its page is told, and the module that JupyterLab loads."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sessions_proxy.page_config import name_session

PROXY = Path(__file__).resolve().parents[3] / "labextension_proxy"
BUILT = PROXY / "share" / "jupyter" / "labextensions" / "jupyterhub-sessions"

# Loads the extension as JupyterLab does, in a page of nothing but its data.
LOAD = """
const [script, config] = process.argv.slice(1);
const made = [];
const element = () => ({ style: {}, children: [], append(...all) { this.children.push(...all) } });
globalThis.document = {
  location: { href: "https://hub.example/jh/user/anna/s1/lab" },
  getElementById: () => ({ textContent: config }),
  createElement: (tag) => (made.push(Object.assign(element(), { tag })), made.at(-1)),
};
class Widget { constructor({ node }) { this.node = node } }
const IStatusBar = { of: "JupyterLab" };
const old = { get: () => { throw new Error("the version in use is taken") } };
const scope = {
  "@jupyterlab/statusbar": {
    "4.10.0": old, "4.9.0": { loaded: 1, get: () => () => ({ IStatusBar }) },
  },
  "@lumino/widgets": { "2.0.0": { get: async () => () => ({ Widget }) } },
};
(async () => {
  require(script);
  const container = globalThis._JUPYTERLAB["jupyterhub-sessions"];
  await container.init(scope);
  const module = (await container.get("./extension"))();
  const items = [];
  const { optional, activate, autoStart, id } = module.default;
  activate({}, { registerStatusItem: (name, item) => items.push([name, item]) });
  activate({}, null);
  const [[name, { item, align }] = ["", { align: "" }]] = items;
  const link = made.find(({ tag }) => tag === "a") ?? {};
  console.log(JSON.stringify({
    isModule: module.__esModule, isSame: optional[0] === IStatusBar, autoStart, id, name, align,
    isWidget: item instanceof Widget, text: link.textContent, href: link.href, rel: link.rel,
  }));
})();
"""


def load(config: dict[str, Any]) -> dict[str, Any]:
    """Return what comes of the extension in a page with this data."""
    node = shutil.which("node")
    if node is None or not BUILT.exists():
        pytest.skip("needs Node and the built extension")
    about = json.loads((BUILT / "package.json").read_text())
    script = BUILT / about["jupyterlab"]["_build"]["load"]
    argv = [node, "-e", LOAD, str(script), json.dumps(config)]
    ended = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def test_the_page_is_told_which_session_it_is() -> None:
    settings: dict[str, Any] = {"page_config_data": {"theirs": 1}}
    name_session(settings, {"SESSIONS_ID": "s1", "SESSIONS_NAME": "churn", "JPY_API_TOKEN": "x"})
    told = {"theirs": 1, "sessionsId": "s1", "sessionsName": "churn"}
    assert settings["page_config_data"] == told


def test_a_server_that_is_no_session_tells_nothing() -> None:
    settings: dict[str, Any] = {}
    name_session(settings, {})
    assert settings == {}


def test_the_extension_is_a_module_that_leads_back_to_the_session() -> None:
    config = {"sessionsId": "s1", "sessionsName": "churn <1>", "hubPrefix": "/jh/hub/"}
    assert load(config) == {
        "isModule": True,
        "isSame": True,
        "autoStart": True,
        "id": "jupyterhub-sessions:status",
        "name": "jupyterhub-sessions:status",
        "align": "left",
        "isWidget": True,
        "text": "Session: churn <1>",
        "href": "https://hub.example/jh/services/sessions/s/s1",
        "rel": "noopener noreferrer",
    }


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"sessionsId": "s1"},
        {"sessionsId": "s1", "hubPrefix": "/hub/", "hubHost": "javascript:alert(1)//"},
    ],
)
def test_without_a_session_or_a_hub_there_is_no_item(config: dict[str, str]) -> None:
    found = load(config)
    assert found["isModule"]
    assert found["name"] == ""

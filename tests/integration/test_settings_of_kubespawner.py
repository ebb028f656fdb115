"""A hub with settings of KubeSpawner's that sessions cannot have says so, and does not start."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.offline_hub import NOWHERE
from tests.support.product import Product

pytestmark = pytest.mark.needs("configurable-http-proxy")

LINES = """
c.JupyterHub.spawner_class = "kubespawner"
c.KubeSpawner.enable_user_namespaces = True
"""


def test_a_hub_with_a_namespace_for_each_user_does_not_start(tmp_path: Path) -> None:
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(json.dumps(NOWHERE))
    product = Product(tmp_path, extra=LINES, env={"KUBECONFIG": str(kubeconfig)})
    try:
        with pytest.raises(AssertionError, match="All sessions are in one namespace: remove"):
            product.start()
    finally:
        product.close()

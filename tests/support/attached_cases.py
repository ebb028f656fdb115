"""Launch requests that attach something by its name, for the golden manifests."""

from __future__ import annotations

from typing import Any, Final

from tests.support.session_manifests import Case

_SHOP: Final = "shop:europe-west1:main"
_STOCK: Final = "shop:europe-west1:stock"
_SECRETS: Final[dict[str, dict[str, Any]]] = {
    "warehouse": {"env": {"DB_PASSWORD": "password"}, "keys": ["password", "ca"], "files": True},
    "tokens": {"secret": "team-tokens", "env": {"CI_TOKEN": "ci"}},
    "keys": {"path": "keys/ssh", "mode": 0o400},
}

ATTACHED: Final[dict[str, Case]] = {
    "secret-as-variables": Case(
        {"secrets": [{"name": "tokens"}]}, {"SessionOffers": {"secrets": _SECRETS}}
    ),
    "secrets-as-files": Case(
        {
            "secrets": [
                {"name": "warehouse", "as": "files", "path": "conf/db"},
                {"name": "keys", "as": "files"},
            ]
        },
        {"SessionOffers": {"secrets": _SECRETS}},
    ),
    "secret-as-both": Case(
        {"secrets": [{"name": "warehouse", "as": "both"}]},
        {"SessionOffers": {"secrets": {"warehouse": {**_SECRETS["warehouse"], "groups": ["x"]}}}},
        groups=("x",),
    ),
    "service-account": Case(
        {"service_account": "trainer"}, {"SessionOffers": {"service_accounts": {"trainer": {}}}}
    ),
    "cloud-sql-with-credentials": Case(
        {"cloud_sql": [{"instance": _SHOP}]},
        {
            "SessionOffers": {
                "cloud_sql": {
                    _SHOP: {
                        "variables": "PG",
                        "credentials": "shop-key",
                        "user": "reader",
                        "database": "orders",
                    }
                }
            }
        },
    ),
    "cloud-sql-by-workload-identity": Case(
        {"cloud_sql": [{"instance": _SHOP, "port": 6000}], "service_account": "shop"},
        {
            "SessionOffers": {
                "cloud_sql": {
                    _SHOP: {
                        "engine": "mysql",
                        "variables": "MYSQL_",
                        "service_account": "shop",
                        "private_ip": True,
                        "iam_login": True,
                    }
                },
                "service_accounts": {"shop": {}},
                "cloud_sql_proxy": {
                    "image": "registry.example.org/sql-proxy:2.27.0",
                    "cpu": "50m",
                    "memory": "64Mi",
                    "health_port": 9900,
                },
            }
        },
    ),
    "cloud-sql-several": Case(
        {"cloud_sql": [{"instance": _SHOP}, {"instance": _STOCK}, {"instance": "a:b:c"}]},
        {
            "SessionOffers": {
                "cloud_sql": {
                    _SHOP: {"variables": "PG", "credentials": "shop-key"},
                    _STOCK: {"credentials": "shop-key", "private_ip": True},
                    "a:b:c": {"credentials": "other", "credentials_key": "key.json"},
                }
            }
        },
    ),
    "ports": Case(
        {
            "ports": [
                {"number": 8080, "name": "web"},
                {"number": 5353, "protocol": "UDP"},
                {"number": 6006},
            ]
        },
        {"SessionOffers": {"udp": True}},
    ),
    "gpu": Case(
        {"resources": {"gpu": 2}},
        {
            "KubeSpawner": {
                "extra_resource_limits": {"nvidia.com/gpu": "1"},
                "tolerations": [{"key": "nvidia.com/gpu", "operator": "Exists"}],
            },
            "SessionOffers": {"gpu": {"resource": "nvidia.com/gpu", "most": 2}},
        },
    ),
    "image-of-ones-own": Case(
        {"image": "registry.example.org/team/own:2"},
        {"SessionOffers": {"images": ["registry.example.org/team/*"]}},
        rights=frozenset({"custom-image"}),
    ),
    "resources-within-bounds": Case(
        {"resources": {"cpu": "1500m", "memory": "3Gi"}},
        {
            "SessionLimits": {"cpu": "4", "memory": "8Gi"},
            "KubeSpawner": {
                "cpu_limit": 1,
                "cpu_guarantee": 0.5,
                "mem_limit": "1G",
                "mem_guarantee": "512M",
            },
        },
    ),
}

"""The hub: `configure(c)` for its configuration file, its REST client, the link's service end."""

from .configure import configure
from .ports import keep_port

__all__ = ["configure", "keep_port"]

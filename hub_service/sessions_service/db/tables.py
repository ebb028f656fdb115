"""Every table of the service, for migrations and for the test that compares the two."""

from __future__ import annotations

from typing import Final

from sqlalchemy import MetaData

from ..drives import rows as _drives
from ..idempotency import rows as _idempotency
from ..lifecycle import chronicle as _chronicle
from ..sessions import rows as _sessions
from . import lease as _lease
from .base import Base

TABLE_MODULES: Final = (_chronicle, _drives, _idempotency, _lease, _sessions)
METADATA: Final[MetaData] = Base.metadata

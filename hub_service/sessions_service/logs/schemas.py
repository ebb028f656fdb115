"""What the address of a session's log takes and answers."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field, model_validator

from sessions_spawner.log_lines import MOST_LINES

from ..sessions.schemas import Query, as_number

Switch = Annotated[str, Field(pattern="^(true|false|1|0)$")]


class LogsQuery(Query):
    """Which lines: the last `tail` of a container, followed as they come or as a file."""

    container: Annotated[str, Field(max_length=253, pattern="^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")] = ""
    tail: Annotated[int, Field(ge=1, le=MOST_LINES), BeforeValidator(as_number)] = 500
    follow: Switch = "false"
    download: Switch = "false"

    @model_validator(mode="after")
    def _one_way(self) -> LogsQuery:
        if self.follows and self.downloads:
            raise ValueError("Ask for follow or download, one of them.")
        return self

    @property
    def follows(self) -> bool:
        """Tell whether lines are sent as they come."""
        return self.follow in ("true", "1")

    @property
    def downloads(self) -> bool:
        """Tell whether a file is sent."""
        return self.download in ("true", "1")


class LogOut(BaseModel):
    """Lines of a session's log, oldest first.

    `containers` are those that have a log, none where the session has one log alone. `is_kept`
    says that the session is over and that only its last lines were kept.
    """

    container: str | None
    containers: list[str]
    lines: list[str]
    is_kept: bool

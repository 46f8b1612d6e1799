"""Rows of MLflow's tables → its experiments, models, versions and runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from firnline.reach.experiments.model import RunStatus
from firnline.reach.source import CannotRead

_STATUSES: Final = {
    "SCHEDULED": RunStatus.RUNNING,
    "RUNNING": RunStatus.RUNNING,
    "FINISHED": RunStatus.FINISHED,
    "FAILED": RunStatus.FAILED,
    "KILLED": RunStatus.STOPPED,
}
IS_PROMPT: Final = "mlflow.prompt.is_prompt"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
Row = Sequence[Any]


def moment(milliseconds: int | None) -> datetime | None:
    """MLflow's 0 is none."""
    return _EPOCH + timedelta(milliseconds=milliseconds) if milliseconds else None


def status_of(word: str | None, run: str) -> RunStatus:
    """Raises `CannotRead`."""
    if word not in _STATUSES:
        raise CannotRead(
            f"has the run {run} with the status `{word}`, which this version does not know: update"
            " Firnline"
        )
    return _STATUSES[word]


def owner_of(user: str | None) -> str | None:
    """MLflow writes `unknown` where it is not told."""
    return user if user and user != "unknown" else None


def grouped(rows: Iterable[Row]) -> dict[Any, list[Row]]:
    """By their first column."""
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row)
    return found


def texts(rows: Iterable[Row]) -> tuple[str, ...]:
    """Their last column, where there is one."""
    return tuple(row[-1] for row in rows if row[-1])

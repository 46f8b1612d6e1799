"""Runs and what policies say of them, in a few words."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from firnline.diagnostics.position import Source, Span
from firnline.inventory.reads.known import Period
from firnline.language.run_retentions import (
    Checkpoints,
    CheckpointsOf,
    Goal,
    KeepBest,
    RunRetention,
)
from firnline.language.said import Said
from firnline.reach.experiments.judge import Judged, judge
from firnline.reach.experiments.model import Metric, Run, RunStatus
from firnline.reach.experiments.reads import Reads, ReadsOfBucket
from firnline.reach.experiments.remarks import Remark
from firnline.reach.experiments.settings import RunSettings
from firnline.reach.location import Location, LocationKind
from firnline.reach.references import CheckpointRule, Reference, Unneeded
from firnline.s3.terms import Days

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
GRACE = timedelta(days=14)
NOWHERE = Span(Source("policies/ml.yaml", ""), 0, 0)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def root_of(name: str) -> Location:
    return Location("ml", LocationKind.DIR, f"root/{name}/artifacts")


def run(
    name: str,
    status: RunStatus = RunStatus.FINISHED,
    experiments: tuple[str, ...] = ("churn",),
    ended: float | None = 100,
    **more: Any,
) -> Run:
    """It ended so many days ago; metrics by name are the last values."""
    metrics = tuple(Metric(each, value) for each, value in more.pop("metrics", {}).items())
    at = None if ended is None else ago(ended)
    settings: dict[str, Any] = {
        "started": at,
        "ended": None if status is RunStatus.RUNNING else at,
        "last_news": at,
        "is_deleted": False,
        "owner": "ana",
        "roots": (root_of(name),),
    }
    return Run(
        id=name,
        name=name,
        experiments=experiments,
        groups=(),
        status=status,
        metrics=metrics,
        **{**settings, **more},
    )


def retention(
    name: str = "churn",
    experiments: tuple[str, ...] = ("churn*",),
    best: tuple[int, str, Goal] | None = None,
    younger: int | None = None,
    read: int | None = None,
    abandoned: int | None = None,
    checkpoints: Checkpoints | None = None,
) -> RunRetention:
    return RunRetention(
        span=NOWHERE,
        name=said(name),
        registry=said("mlflow"),
        experiments=tuple(said(each) for each in experiments),
        keep_best=KeepBest(NOWHERE, *best) if best else None,
        keep_younger_than=None if younger is None else said(Days(younger)),
        keep_read_within=None if read is None else said(Days(read)),
        abandoned_after=None if abandoned is None else said(Days(abandoned)),
        checkpoints=checkpoints,
    )


def checkpoints(newest: int, *of: CheckpointsOf, match: str = "checkpoints/*") -> Checkpoints:
    return Checkpoints(NOWHERE, (said(match),), newest, of)


def said(value: Any) -> Said[Any]:
    return Said(value, NOWHERE)


def reads_of(
    objects: Mapping[str, datetime], since: float = 400, until: float = 0.5, bucket: str = "ml"
) -> Reads:
    """By key; what was read from so many days ago to so many days ago is known."""
    period = Period(ago(since), ago(until))
    return Reads({bucket: ReadsOfBucket(period, objects)})


def judged(
    *runs: Run, by: tuple[RunRetention, ...] = (), reads: Reads | None = None
) -> list[Judged]:
    return list(judge(runs, RunSettings(by, GRACE), NOW, reads))


def verdicts(
    *runs: Run, by: tuple[RunRetention, ...] = (), reads: Reads | None = None
) -> dict[str, str]:
    """By the name of the run, `live`, `soft` or the reason why it is not needed."""
    found: dict[str, str] = {}
    for each in judged(*runs, by=by, reads=reads):
        if isinstance(each, Reference | Unneeded):
            name = each.location.key.split("/")[1]
            assert name not in found
            found[name] = str(each.strength) if isinstance(each, Reference) else each.reason.value
    return found


def remarks(
    *runs: Run, by: tuple[RunRetention, ...] = (), reads: Reads | None = None
) -> list[Remark]:
    return [each for each in judged(*runs, by=by, reads=reads) if isinstance(each, Remark)]


def rules(*runs: Run, by: tuple[RunRetention, ...] = ()) -> list[CheckpointRule]:
    return [each for each in judged(*runs, by=by) if isinstance(each, CheckpointRule)]


running = functools.partial(run, status=RunStatus.RUNNING)
failed = functools.partial(run, status=RunStatus.FAILED)
stopped = functools.partial(run, status=RunStatus.STOPPED)

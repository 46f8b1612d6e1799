"""One model of experiments for all trackers: experiment → run group → run.

SageMaker calls them experiment, trial and trial component; MLflow has experiments and runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from firnline.reach.location import Location


class RunStatus(StrEnum):
    """MLflow's SCHEDULED is `running`, its KILLED and SageMaker's Stopped are `stopped`."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class MetricPoint:
    step: int
    value: float
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Metric:
    """`last` is the value at the last step; NaN where the tracker has it so. `points` are in order
    of their steps, none where only the last value was read.
    """

    name: str
    last: float
    points: tuple[MetricPoint, ...] = ()


@dataclass(frozen=True, slots=True)
class Artifact:
    """An input or output by name. `text` is as the tracker stores it, `locations` every reading of
    it in S3; none where it is no S3 location.
    """

    name: str
    text: str
    locations: tuple[Location, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """`groups` are the run groups it belongs to, `experiments` their experiments: none, one or
    several, by name. `roots` is where its own artifacts are, as written, and `readings` what that
    may mean besides: needed as long as it is, but never unneeded. `last_news` is the newest moment
    at which the tracker heard of it. `is_deleted` is the tracker's own deletion, which leaves
    artifacts in place. Parameters and tags are pairs, sorted.
    """

    id: str
    name: str
    experiments: tuple[str, ...]
    groups: tuple[str, ...]
    status: RunStatus
    is_deleted: bool
    started: datetime | None
    ended: datetime | None
    last_news: datetime | None
    owner: str | None
    roots: tuple[Location, ...] = ()
    readings: tuple[Location, ...] = ()
    deleted: datetime | None = None
    parameters: tuple[tuple[str, str], ...] = ()
    metrics: tuple[Metric, ...] = ()
    inputs: tuple[Artifact, ...] = ()
    outputs: tuple[Artifact, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    source_job: str | None = None


def run_in_words(name: str, id: str) -> str:
    """With which the reasons of all that a run needs begin. An ARN says no more than the name of
    the component that is in it.
    """
    if name in ("", id):
        return f"run {id}"
    return f"run {name}" if id.startswith("arn:") else f"run {name} ({id})"

"""What a job still needs by its status, and what a failed or stopped one has left behind."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final, assert_never

from firnline.reach.location import Location
from firnline.reach.references import OrphanReason, Reference, Strength, Unneeded
from firnline.reach.registries.sagemaker.harvest import Named
from firnline.reach.registries.sagemaker.reading import Record
from firnline.reach.registries.sagemaker.resources import Resource


class JobState(Enum):
    """A status that is not known is one of a job in progress: that keeps most."""

    IN_PROGRESS = "in progress"
    COMPLETED = "completed"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Job:
    arn: str
    name: str
    label: str
    state: JobState
    ended: datetime | None
    named: tuple[Named, ...]
    owner: str | None
    experiment: str | None

    @property
    def inputs(self) -> Iterator[Named]:
        return (each for each in self.named if not each.is_output)

    @property
    def outputs(self) -> Iterator[Named]:
        return (each for each in self.named if each.is_output)


def job_of(record: Record, resource: Resource) -> Job:
    status = record.status(resource)
    content = record.content
    kind = (resource.status or "").removesuffix("Status")
    ended = next((content[each] for each in _ENDS if content.get(each)), None)
    return Job(
        str(content.get(f"{kind}Arn", "")),
        record.name,
        record.label,
        _STATES.get(status.lower(), JobState.IN_PROGRESS),
        ended,
        record.named,
        record.owner,
        record.experiment,
    )


def judged(jobs: Iterable[Job], with_runs: Mapping[str, str]) -> Iterator[Reference | Unneeded]:
    """`with_runs` are the ARNs of jobs whose runs are judged by policies: what such a job needs
    or left once it has ended, its run tells.
    """
    jobs = tuple(jobs)
    own_folders = OwnFolders(jobs)
    for job in jobs:
        if job.state is JobState.IN_PROGRESS:
            yield from _needed(job, with_runs.get(job.arn))
        elif job.arn not in with_runs:
            yield from _judged(job, own_folders)


_STATES: Final = {
    "completed": JobState.COMPLETED,
    "failed": JobState.FAILED,
    "stopped": JobState.STOPPED,
}
_ENDS: Final = (
    "TrainingEndTime",
    "ProcessingEndTime",
    "TransformEndTime",
    "HyperParameterTuningEndTime",
    "CompilationEndTime",
    "OptimizationEndTime",
    "EndTime",
    "LastModifiedTime",
)


def _judged(job: Job, own_folders: OwnFolders) -> Iterator[Reference | Unneeded]:
    match job.state:
        case JobState.IN_PROGRESS | JobState.COMPLETED:
            yield from _needed(job)
        case JobState.FAILED:
            yield from _left(job, OrphanReason.JOB_FAILED, own_folders)
        case JobState.STOPPED:
            yield from _left(job, OrphanReason.JOB_STOPPED, own_folders)
        case _:
            assert_never(job.state)


def _needed(job: Job, run: str | None = None) -> Iterator[Reference]:
    """Of its run, where one is known: what that needs, it may let go."""
    because = f"{job.label}, {job.state.value}"
    for named in job.named:
        for location in named.locations:
            chain = (str(named), because) if run is None else (run, str(named), because)
            yield Reference(location, Strength.LIVE, chain, job.owner, job.experiment)


def _left(job: Job, reason: OrphanReason, own_folders: OwnFolders) -> Iterator[Unneeded]:
    because = f"{job.label}, {job.state.value}"
    for named, own in own_folders.of(job):
        yield Unneeded(own, reason, (str(named), because), job.ended, job.owner, job.experiment)


class OwnFolders:
    """Which outputs are of a job alone. A checkpoint path is given by people: several jobs may
    continue from one, or lie below it.
    """

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._paths = sorted(
            (named.own.bucket, f"{named.own.key}/")
            for job in jobs
            for named in job.outputs
            if named.own is not None
        )

    def of(self, job: Job) -> Iterator[tuple[Named, Location]]:
        for named in job.outputs:
            own = named.own
            if own is not None and (job.name in own.key.split("/") or self._is_alone(own)):
                yield named, own

    def _is_alone(self, own: Location) -> bool:
        path = own.bucket, f"{own.key}/"
        at = bisect_left(self._paths, path)
        following = self._paths[at + 1 : at + 2]
        return not any(
            bucket == path[0] and below.startswith(path[1]) for bucket, below in following
        )

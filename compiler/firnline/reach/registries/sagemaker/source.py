"""Reads all of SageMaker in one account and region that may need something in S3.

What may move is read before where it moves to: jobs before packages, packages before models, models
before endpoints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, assert_never

from firnline.fleet.accounts import Access
from firnline.reach.experiments.model import Run
from firnline.reach.location import AccessPoints
from firnline.reach.references import Reference, Strength
from firnline.reach.registries.sagemaker.deployed import read_deployed, references_of
from firnline.reach.registries.sagemaker.job_runs import JobRuns
from firnline.reach.registries.sagemaker.jobs import job_of, judged
from firnline.reach.registries.sagemaker.manifests import Manifests
from firnline.reach.registries.sagemaker.pipelines import read_pipelines
from firnline.reach.registries.sagemaker.reading import Reading
from firnline.reach.registries.sagemaker.registered import read_packages, references_of_packages
from firnline.reach.registries.sagemaker.requests import Api
from firnline.reach.registries.sagemaker.resources import (
    JOBS,
    STORES,
    TRACKING_SERVERS,
    Role,
)
from firnline.reach.source import Certificate, Found

RunReader = Callable[[Api, AccessPoints], Iterable[Found]]


def no_runs(_api: Api, _access_points: AccessPoints) -> Iterable[Found]:
    return ()


@dataclass(frozen=True, slots=True)
class SageMakerRegistry:
    """`client` is one of SageMaker, `s3` reads manifests. `runs` reads the experiments: a job that
    ended, with a run in one, is judged by that, with all that the job names. `servers_read` are the
    ARNs of tracking servers that the fleet file lists as MLflow: what they need, they tell
    themselves.
    """

    client: Any
    s3: Any
    access: Access
    now: Callable[[], datetime]
    runs: RunReader = no_runs
    servers_read: frozenset[str] = frozenset()
    access_points: AccessPoints = field(default_factory=dict)

    def read(self) -> Iterator[Found]:
        """Raises `CannotRead`, `NoAccess`."""
        began = self.now()
        reading = Reading(
            Api(self.client, self.access), Manifests(self.s3, self.access), self.access_points
        )
        job_runs = JobRuns(job_of(each, kind) for kind in JOBS for each in reading.records(kind))
        for found in self.runs(reading.api, self.access_points):
            match found:
                case Certificate():
                    reading.add(found)
                case Run():
                    yield from job_runs.with_job(found)
                case _:
                    yield found
        yield from self._references(reading, job_runs)
        yield reading.certificate(began, self.now())

    def _references(self, reading: Reading, job_runs: JobRuns) -> Iterator[Found]:
        jobs = tuple(job_runs.jobs())
        yield from read_pipelines(reading, jobs)
        packages = read_packages(reading)
        yield from references_of_packages(reading, packages, jobs)
        yield from read_deployed(reading, packages)
        for kind in STORES:
            for record in reading.records(kind):
                yield from references_of(record, _strength(kind.role), record.label)
        yield from self._tracking_servers(reading)
        yield from judged(jobs, job_runs.with_runs)

    def _tracking_servers(self, reading: Reading) -> Iterator[Reference]:
        for kind in TRACKING_SERVERS:
            for server in reading.records(kind):
                arn = server.content.get("TrackingServerArn") or server.content.get("Arn")
                if arn not in self.servers_read:
                    yield from references_of(server, Strength.HOLD, server.label)


def _strength(role: Role) -> Strength:
    match role:
        case Role.DEPLOYED:
            return Strength.HOLD
        case Role.REGISTERED:
            return Strength.PIN
        case Role.JOB:
            return Strength.LIVE
        case _:
            assert_never(role)

"""A run of a job, with what the job names and its record in the experiment does not.

SageMaker's own record of a training job has no checkpoints, debugger outputs or code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from firnline.reach.experiments.model import Artifact, Run, run_in_words
from firnline.reach.location import Location
from firnline.reach.registries.sagemaker.harvest import Named
from firnline.reach.registries.sagemaker.jobs import Job, OwnFolders


class JobRuns:
    """`with_runs` are the ARNs of jobs that a run tells of, each with that run in words."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._jobs = {job.arn: job for job in jobs}
        self._own_folders = OwnFolders(self._jobs.values())
        self.with_runs: dict[str, str] = {}
        self._owners: dict[str, str] = {}

    def jobs(self) -> Iterator[Job]:
        """Once all runs were seen: they know whose a job is, where itself does not."""
        for job in self._jobs.values():
            yield replace(job, owner=job.owner or self._owners.get(job.arn))

    def with_job(self, run: Run) -> Iterator[Run]:
        """The run as it is where its job is no longer known; none where it is the mere record of a
        job, in no experiment: no policy speaks of it, and the job tells all.
        """
        job = self._jobs.get(run.source_job or "")
        if job is None:
            yield run
            return
        if run.owner:
            self._owners.setdefault(job.arn, run.owner)
        if run.experiments or not run.id.lower().endswith(_RECORDS):
            self.with_runs[job.arn] = run_in_words(run.name, run.id)
            yield self._joined(run, job)

    def _joined(self, run: Run, job: Job) -> Run:
        own = {location for _, location in self._own_folders.of(job)}
        return replace(
            run,
            roots=_widest(own.union(run.roots)),
            inputs=(*run.inputs, *_artifacts(job.inputs)),
            outputs=(*run.outputs, *_artifacts(job.outputs)),
        )


_RECORDS: Final = ("-aws-training-job", "-aws-processing-job", "-aws-transform-job")
"""SageMaker names the component that it makes for a job by it."""


def _widest(roots: set[Location]) -> tuple[Location, ...]:
    """Without those that lie in another."""
    return tuple(
        each
        for each in sorted(roots)
        if not any(
            other != each and other.bucket == each.bucket and other.covers(each.key)
            for other in roots
        )
    )


def _artifacts(found: Iterable[Named]) -> Iterator[Artifact]:
    for each in found:
        yield Artifact(each.name or each.field, str(each.locations[0]), each.locations)

"""A run of a job, with what the job names and its record in the experiment does not.

SageMaker's own record of a training job has no checkpoints, debugger outputs or code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from firnline.reach.experiments.model import Artifact, Run
from firnline.reach.location import Location
from firnline.reach.registries.sagemaker.harvest import Named
from firnline.reach.registries.sagemaker.jobs import Job, OwnFolders


class JobRuns:
    """`with_runs` are the ARNs of jobs that a run tells of."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._jobs = {job.arn: job for job in jobs}
        self._own_folders = OwnFolders(self._jobs.values())
        self.with_runs: set[str] = set()

    def with_job(self, run: Run) -> Iterator[Run]:
        """The run as it is where its job is no longer known; none where it is the mere record of a
        job, in no experiment: no policy speaks of it, and the job tells all.
        """
        job = self._jobs.get(run.source_job or "")
        if job is None:
            yield run
        elif run.experiments:
            self.with_runs.add(job.arn)
            yield self._joined(run, job)

    def _joined(self, run: Run, job: Job) -> Run:
        own = {location for _, location in self._own_folders.of(job)}
        return replace(
            run,
            roots=_widest(own.union(run.roots)),
            inputs=(*run.inputs, *_artifacts(job.inputs)),
            outputs=(*run.outputs, *_artifacts(job.outputs)),
        )


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

"""Pipelines: what a definition names, and what an execution in progress reads and has written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from firnline.reach.location import UnknownLocation
from firnline.reach.references import Reference, Strength
from firnline.reach.registries.sagemaker.deployed import references_of
from firnline.reach.registries.sagemaker.harvest import harvest
from firnline.reach.registries.sagemaker.jobs import Job
from firnline.reach.registries.sagemaker.lineage import arns_in
from firnline.reach.registries.sagemaker.reading import Reading
from firnline.reach.registries.sagemaker.requests import Gone
from firnline.reach.registries.sagemaker.resources import EXECUTIONS, PIPELINES
from firnline.reach.source import CannotRead

_ENDED: Final = ("Succeeded", "Failed", "Stopped")
_DETAILS: Final = (
    ("ListPipelineParametersForExecution", "PipelineParameters"),
    ("ListPipelineExecutionSteps", "PipelineExecutionSteps"),
)


def read_pipelines(reading: Reading, jobs: Iterable[Job]) -> Iterator[Reference]:
    """A definition is pinned: the next execution reads what it names."""
    by_arn = {job.arn.lower(): job for job in jobs}
    pipelines = list(reading.records(PIPELINES))
    for pipeline in pipelines:
        yield from references_of(pipeline, Strength.PIN, pipeline.label)
    scopes = [{"PipelineName": each.name} for each in pipelines]
    for execution in reading.listed(EXECUTIONS, scopes):
        if execution.get("PipelineExecutionStatus") not in _ENDED:
            yield from _in_progress(reading, execution, by_arn)


def _in_progress(
    reading: Reading, execution: Mapping[str, Any], jobs: Mapping[str, Job]
) -> Iterator[Reference]:
    arn = str(execution["PipelineExecutionArn"])
    label = f"execution {arn.rpartition('/')[2]} of pipeline {execution['PipelineName']}"
    because = f"{label}, {execution.get('PipelineExecutionStatus')}"
    try:
        for detail in _details(reading, arn):
            yield from _of_texts(reading, detail, because)
            yield from _of_jobs(detail, jobs, because)
    except Gone:
        return
    except (CannotRead, UnknownLocation) as why:
        reading.problem(f"{label}: {why}")


def _details(reading: Reading, arn: str) -> Iterator[Mapping[str, Any]]:
    for operation, items in _DETAILS:
        yield from reading.api.items(operation, items, PipelineExecutionArn=arn)


def _of_texts(reading: Reading, detail: Mapping[str, Any], because: str) -> Iterator[Reference]:
    for named in harvest(detail, "", reading.manifests, reading.access_points):
        for location in named.locations:
            yield Reference(location, Strength.PIN, (str(named), because))


def _of_jobs(step: Mapping[str, Any], jobs: Mapping[str, Job], because: str) -> Iterator[Reference]:
    """What an earlier step has written, a later one reads."""
    for arn in arns_in(step):
        job = jobs.get(arn.lower())
        for named in job.named if job else ():
            for location in named.locations:
                yield Reference(
                    location, Strength.PIN, (str(named), job.label if job else "", because)
                )

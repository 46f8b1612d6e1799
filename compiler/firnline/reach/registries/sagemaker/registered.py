"""The model registry: every package pins what it names, and what was read to make it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from firnline.reach.location import UnknownLocation
from firnline.reach.references import Reference, Strength
from firnline.reach.registries.sagemaker.deployed import references_of
from firnline.reach.registries.sagemaker.jobs import Job
from firnline.reach.registries.sagemaker.lineage import Artifact, Lineage, arns_in, artifact_of
from firnline.reach.registries.sagemaker.listing import Scopes
from firnline.reach.registries.sagemaker.reading import Reading, Record
from firnline.reach.registries.sagemaker.requests import Gone
from firnline.reach.registries.sagemaker.resources import (
    ARTIFACTS,
    ASSOCIATIONS,
    GROUPS,
    PACKAGES,
)
from firnline.reach.source import CannotRead

_ACCOUNTS: Final = tuple(
    {"CrossAccountFilterOption": each} for each in ("SameAccount", "CrossAccount")
)


def read_packages(reading: Reading) -> dict[str, Record]:
    """By ARN. Without a group, SageMaker lists those alone that have no version."""
    groups = reading.listed(GROUPS, _ACCOUNTS)
    scopes: Scopes = [
        *({"ModelPackageGroupName": _listable(each)} for each in groups),
        {"ModelPackageType": "Unversioned"},
    ]
    return {each.name: each for each in reading.records(PACKAGES, scopes)}


def references_of_packages(
    reading: Reading, packages: Mapping[str, Record], jobs: Iterable[Job]
) -> Iterator[Reference]:
    """Whatever its approval: a rejected one can be approved again."""
    lineage = _lineage(reading, jobs) if packages else None
    for arn, package in packages.items():
        label = _label(package)
        yield from references_of(package, Strength.PIN, label)
        if lineage is None:
            continue
        locations = tuple(
            dict.fromkeys(each for named in package.named for each in named.locations)
        )
        arns = dict.fromkeys([arn, *arns_in(package.content)])
        yield from lineage.behind([*arns, *_steps(reading, arns)], locations, label)
        _check_source(reading, package, label)


def _lineage(reading: Reading, jobs: Iterable[Job]) -> Lineage:
    artifacts: list[Artifact] = []
    for summary in reading.listed(ARTIFACTS):
        try:
            artifacts.append(artifact_of(summary, reading.access_points))
        except (UnknownLocation, CannotRead) as why:
            reading.problem(f"lineage artifact {summary['ArtifactArn']}: {why}")
    return Lineage(jobs, artifacts, reading.listed(ASSOCIATIONS))


def _steps(reading: Reading, arns: Iterable[str]) -> Iterator[str]:
    """The jobs of the pipeline execution that made it, where that is still known."""
    for arn in arns:
        if ":pipeline/" not in arn or "/execution/" not in arn:
            continue
        try:
            for step in reading.api.items(
                "ListPipelineExecutionSteps", "PipelineExecutionSteps", PipelineExecutionArn=arn
            ):
                yield from arns_in(step)
        except Gone:
            continue
        except CannotRead as why:
            reading.problem(str(why))


def _listable(group: Mapping[str, Any]) -> str:
    """By its name; one that another account shares, by its ARN."""
    is_shared = group.get("CrossAccountFilterOption") == "CrossAccount"
    return str(group["ModelPackageGroupArn" if is_shared else "ModelPackageGroupName"])


def _label(package: Record) -> str:
    content = package.content
    group, version = content.get("ModelPackageGroupName"), content.get("ModelPackageVersion")
    name = f"{group}/{version}" if group and version else content.get("ModelPackageName", "")
    approval = content.get("ModelApprovalStatus")
    return f"model package {name}" + (f", {approval}" if approval else "")


def _check_source(reading: Reading, package: Record, label: str) -> None:
    source = str(package.content.get("SourceUri") or "")
    if not package.named and source.startswith(("models:", "runs:", "mlflow-artifacts:")):
        reading.problem(
            f"{label} is from an MLflow, `{source}`, which alone knows where it is: list that"
            " MLflow in `registries` too, and give the package its `ModelDataUrl`"
        )

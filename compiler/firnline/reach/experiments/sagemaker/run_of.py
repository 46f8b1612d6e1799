"""A record of a trial component → a `Run`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Final

from firnline.reach.experiments.model import Artifact, Metric, Run, RunStatus
from firnline.reach.experiments.sagemaker.calls import Record
from firnline.reach.location import (
    AccessPoints,
    Location,
    UnknownBucket,
    UnknownLocation,
    location_as_written,
    locations_in,
    locations_of,
)

_UPLOADS: Final = "trial-component-artifacts"
"""The SDK of SageMaker uploads what a run logs to this folder, below the component's name."""

_STATUS: Final = {
    "InProgress": RunStatus.RUNNING,
    "Stopping": RunStatus.RUNNING,
    "Completed": RunStatus.FINISHED,
    "Failed": RunStatus.FAILED,
    "Stopped": RunStatus.STOPPED,
}


class UnknownStatus(ValueError):
    """SageMaker says something of a run that this version of Firnline does not know."""


@dataclass(frozen=True, slots=True)
class Membership:
    """Run groups are trials."""

    experiments: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()

    def __or__(self, other: Membership) -> Membership:
        return Membership(self.experiments | other.experiments, self.groups | other.groups)


def membership_in(record: Record) -> Membership:
    """As Search tells it."""
    parents = record.get("Parents") or ()
    return Membership(
        frozenset(each["ExperimentName"] for each in parents if each.get("ExperimentName")),
        frozenset(each["TrialName"] for each in parents if each.get("TrialName")),
    )


def run_of(record: Record, member: Membership, access_points: AccessPoints) -> Run:
    """Raises `UnknownBucket`, `UnknownStatus`."""
    name = str(record["TrialComponentName"])
    source = (record.get("Source") or {}).get("SourceArn")
    outputs = tuple(_artifacts(record.get("OutputArtifacts"), access_points))
    inputs = tuple(_artifacts(record.get("InputArtifacts"), access_points))
    given = record.get("Parameters") or {}
    parameters = {parameter: _parameter(value) for parameter, value in given.items()}
    tags = {each["Key"]: each["Value"] for each in record.get("Tags") or ()}
    texts = {each: value["StringValue"] for each, value in given.items() if "StringValue" in value}
    # A parameter and a tag may have one name.
    mentions = (*texts.items(), *tags.items(), *_strings(record.get("MetadataProperties")))
    return Run(
        id=str(record["TrialComponentArn"]),
        name=str(record.get("DisplayName") or name),
        experiments=tuple(sorted(member.experiments)),
        groups=tuple(sorted(member.groups)),
        status=_status(record),
        is_deleted=False,
        started=_utc(record.get("StartTime") or record.get("CreationTime")),
        ended=_utc(record.get("EndTime")),
        last_news=max(filter(None, _news(record)), default=None),
        owner=_owner(record.get("CreatedBy") or {}),
        roots=_roots(name, source, inputs, outputs),
        parameters=tuple(sorted(parameters.items())),
        metrics=tuple(_metrics(record.get("Metrics") or ())),
        inputs=(*inputs, *_mentioned(mentions, access_points)),
        outputs=outputs,
        tags=tuple(sorted(tags.items())),
        source_job=source,
    )


def _status(record: Record) -> RunStatus:
    """What has none never ran, such as a component that describes a dataset."""
    word = (record.get("Status") or {}).get("PrimaryStatus", "Completed")
    if word not in _STATUS:
        raise UnknownStatus(f"its status `{word}` is not known to this version: update Firnline")
    return _STATUS[word]


def _news(record: Record) -> Iterator[datetime | None]:
    for each in ("CreationTime", "StartTime", "EndTime", "LastModifiedTime"):
        yield _utc(record.get(each))
    for metric in record.get("Metrics") or ():
        yield _utc(metric.get("TimeStamp"))


def _artifacts(found: Any, access_points: AccessPoints) -> Iterator[Artifact]:
    for name, artifact in sorted((found or {}).items()):
        text = str(artifact.get("Value", ""))
        yield Artifact(name, text, _locations(text, access_points))


def _mentioned(texts: Iterable[tuple[str, str]], access_points: AccessPoints) -> Iterator[Artifact]:
    """Parameters and tags in which a location in S3 stands, such as the `model_data` of a job."""
    for name, text in sorted(texts):
        if locations := locations_in(text, access_points):
            yield Artifact(name, text, locations)


def _locations(text: str, access_points: AccessPoints) -> tuple[Location, ...]:
    """An image, an ARN or a sentence has none."""
    try:
        return locations_of(text, access_points=access_points)
    except UnknownBucket:
        raise
    except UnknownLocation:
        return locations_in(text, access_points)


def _roots(
    name: str, source: str | None, inputs: tuple[Artifact, ...], outputs: tuple[Artifact, ...]
) -> tuple[Location, ...]:
    """What is certainly its own: the SDK's folder for its uploads, and the folder of its job's
    outputs. As written: nothing more may be unneeded with it.
    """
    found = [_up_to(each.text, (_UPLOADS, name), 2) for each in (*inputs, *outputs)]
    if source is not None:
        job = source.rpartition("/")[2]
        found += [_up_to(each.text, (job, "output"), 1) for each in outputs]
    return tuple(sorted({each for each in found if each is not None}))


def _up_to(text: str, pair: tuple[str, str], keep: int) -> Location | None:
    """The folder at the first place where the two names follow each other in the key."""
    if "/".join(pair) not in text:
        return None
    try:
        location = location_as_written(text)
    except UnknownLocation:
        return None
    parts = location.key.split("/")
    for at, found in enumerate(pairwise(parts)):
        if found == pair:
            return Location(location.bucket, location.kind, "/".join(parts[: at + keep]))
    return None


def _metrics(found: Any) -> Iterator[Metric]:
    for each in sorted(found, key=lambda metric: str(metric["MetricName"])):
        if (last := each.get("Last")) is not None:
            yield Metric(str(each["MetricName"]), float(last))


def _parameter(value: Record) -> str:
    number = value.get("NumberValue")
    if number is None:
        return str(value.get("StringValue", ""))
    return str(int(number)) if float(number).is_integer() else repr(float(number))


def _owner(made_by: Record) -> str | None:
    """A profile of the studio, else the name of the session or user."""
    identity = made_by.get("IamIdentity") or {}
    names = (
        made_by.get("UserProfileName"),
        identity.get("SourceIdentity"),
        str(identity.get("Arn", "")).rpartition("/")[2],
    )
    return next((str(each) for each in names if each), None)


def _strings(found: Any) -> Iterator[tuple[str, str]]:
    return ((name, each) for name, each in (found or {}).items() if isinstance(each, str))


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC)

"""A described record → every location in it, whatever the fields are called.

Names of fields only explain, and tell what SageMaker does with a location: a field that nobody
foresaw is harvested as any other (invariant I3 of docs/gc-safety.md).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from firnline.reach.location import (
    NO_ACCESS_POINTS,
    AccessPoints,
    Location,
    LocationKind,
    UnknownLocation,
    location_as_written,
    locations_in,
    locations_of,
)

Manifest = Callable[[str], str]
"""From the URI of a manifest to its text; empty where it no longer exists. Raises `CannotRead`."""


@dataclass(frozen=True, slots=True)
class Named:
    """Where a record names locations. `field` is the path of the field, `name` that of the channel,
    input or output around it. `own` is the folder that is of this record alone, as written.
    """

    field: str
    name: str
    locations: tuple[Location, ...]
    is_output: bool
    own: Location | None = None

    def __str__(self) -> str:
        side = "output" if self.is_output else "input"
        return f"{side} {self.name}" if self.name else self.field


def harvest(
    record: Mapping[str, Any],
    name: str,
    manifest: Manifest,
    access_points: AccessPoints = NO_ACCESS_POINTS,
) -> Iterator[Named]:
    """`name` is that of the record. Raises `UnknownBucket`, `CannotRead`."""
    for text in _texts(record, "", ""):
        if text.field in _OF_OTHER_RECORDS:
            continue
        is_output = bool(_OUTPUTS.intersection(text.field.replace("[]", "").split(".")))
        written = _below(text.text, name) if text.field in _OWN_FOLDERS else text.text
        found = _locations(text, written, manifest, access_points)
        if found:
            own = _own(text, written, name) if is_output else None
            yield Named(text.field, text.name, found, is_output, own)


def texts_in(record: Mapping[str, Any]) -> Iterator[str]:
    return (each.text for each in _texts(record, "", ""))


@dataclass(frozen=True, slots=True)
class _Text:
    field: str
    name: str
    text: str
    data_type: str | None = None


_NAMES: Final = ("ChannelName", "InputName", "OutputName")
_MANIFESTS: Final = ("ManifestFile", "AugmentedManifestFile")
_OUTPUTS: Final = frozenset(
    {
        "OutputDataConfig",
        "OutputConfig",
        "ProcessingOutputConfig",
        "TransformOutput",
        "ModelArtifacts",
        "CheckpointConfig",
        "DebugHookConfig",
        "DebugRuleConfigurations",
        "TensorBoardOutputConfig",
        "ProfilerConfig",
        "ProfilerRuleConfigurations",
        "LabelingJobOutput",
        "MonitoringOutputConfig",
        "BestCandidate",
    }
)
_OWN_FOLDERS: Final = frozenset(
    {
        "OutputDataConfig.S3OutputPath",
        "DebugHookConfig.S3OutputPath",
        "ProfilerConfig.S3OutputPath",
        "DebugRuleConfigurations[].S3OutputPath",
        "ProfilerRuleConfigurations[].S3OutputPath",
    }
)
"""SageMaker writes into a folder with the name of the job below it:
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_OutputDataConfig.html
"""
_OF_OTHER_RECORDS: Final = frozenset(
    {
        "TrainingJobDefinition.OutputDataConfig.S3OutputPath",
        "TrainingJobDefinitions[].OutputDataConfig.S3OutputPath",
    }
)
"""Of a tuning job: each of its training jobs has its own folder there, and is listed itself."""


def _texts(value: Any, path: str, name: str, data_type: str | None = None) -> Iterator[_Text]:
    match value:
        case str():
            yield _Text(path, name, value, data_type)
        case dict():
            yield from _of_fields(value, path, name)
        case list() | tuple():
            for inner in value:
                yield from _texts(inner, f"{path}[]", name)
        case _:
            return


def _of_fields(value: Mapping[str, Any], path: str, name: str) -> Iterator[_Text]:
    name = next((str(value[each]) for each in _NAMES if value.get(each)), name)
    for field, inner in value.items():
        kind = value.get("S3DataType") if field == "S3Uri" else None
        kind = "ManifestFile" if field == "ManifestS3Uri" else kind
        if field != "ResponseMetadata":
            yield from _texts(inner, f"{path}.{field}".lstrip("."), name, kind)


def _locations(
    text: _Text, written: str, manifest: Manifest, access_points: AccessPoints
) -> tuple[Location, ...]:
    found = set(locations_in(written, access_points))
    if found and text.data_type == "S3Prefix" and not written.rstrip().endswith("/"):
        found = _with_raw_prefixes(found, written, access_points)
    if found and text.data_type in _MANIFESTS:
        found.update(_in_manifest(manifest(written.strip()), access_points))
    return tuple(sorted(found))


def _with_raw_prefixes(
    found: set[Location], written: str, access_points: AccessPoints
) -> set[Location]:
    """SageMaker reads every key that begins with it, not only those below a folder."""
    try:
        raw = set(locations_of(written, LocationKind.RAW_PREFIX, access_points))
    except UnknownLocation:
        return found
    return raw | {each for each in found if replace(each, kind=LocationKind.RAW_PREFIX) not in raw}


def _in_manifest(content: str, access_points: AccessPoints) -> Iterator[Location]:
    """A list of a `prefix` and names below it, or JSON lines with whole locations:
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3DataSource.html
    """
    try:
        entries = json.loads(content)
    except ValueError:
        entries = None
    if isinstance(entries, list) and entries and isinstance(entries[0], dict):
        prefix = str(entries[0].get("prefix", ""))
        for entry in entries[1:]:
            text = f"{prefix}{entry}" if isinstance(entry, str) else str(entry)
            yield from locations_in(text, access_points)
    for line in content.splitlines():
        yield from locations_in(line, access_points)


def _below(text: str, name: str) -> str:
    return f"{text.strip().rstrip('/')}/{name}"


def _own(text: _Text, written: str, name: str) -> Location | None:
    """Only where its own name is in the path, or it is a checkpoint: others write elsewhere."""
    try:
        location = location_as_written(written)
    except UnknownLocation:
        return None
    is_own = name in location.key.split("/") or text.field == "CheckpointConfig.S3Uri"
    return location if is_own and location.key else None

"""A `LifecycleConfiguration` property → what CloudFormation sends, and what it would not read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import time
from typing import Any, Final

from firnline.diagnostics.fix import Edit, Fix
from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Source, whole_file
from firnline.diagnostics.remedy import Advise, Way, WriteName, WriteValue
from firnline.language.data_tree import DataTree, Path
from firnline.language.misspelt import misspelt
from firnline.lint.cloudformation_words import REFERENCE
from firnline.lint.first_refusals import is_date_of_cloudformation, refused_by_cloudformation
from firnline.lint.kinds import DOCUMENT
from firnline.lint.paths import value_at
from firnline.lint.sources.cloudformation.rules import (
    Extraneous,
    Look,
    as_is,
    configuration_from_cloudformation,
)
from firnline.lint.sources.parts import Part, finder, namer, span_of
from firnline.lint.written import Form, Written
from firnline.s3.terms import Versioning
from firnline.s3.timestamps import as_boto3

# S3's members that no property of a rule is the equal of.
_S3_ALONE: Final = {
    "Filter": "`Prefix`, `TagFilters`, `ObjectSizeGreaterThan` and `ObjectSizeLessThan`",
    "Expiration": "`ExpirationInDays`, `ExpirationDate` and `ExpiredObjectDeleteMarker`",
}
_DATES: Final = ("ExpirationDate", "TransitionDate")


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is known of the bucket that has the property, as `Written` has it."""

    resource: str
    name: str | None = None
    versioning: Versioning | None = None
    assumed: str = ""
    is_directory: bool = False


def written_property(
    tree: DataTree, source: Source, bucket: Bucket, value: Any, where: Path, look: Look = as_is
) -> tuple[Written, list[Diagnostic]]:
    sent = configuration_from_cloudformation(value, where, look)
    places = sent.configuration.places
    written = Written(
        resource=bucket.resource,
        configuration=sent.configuration.shape,
        header=sent.header,
        find=finder(tree, places),
        source=source,
        form=Form.CLOUDFORMATION,
        bucket=bucket.name,
        versioning=bucket.versioning,
        is_directory=bucket.is_directory,
        assumed=bucket.assumed,
        called=namer(tree, places),
    )
    unknown = [_unknown_property(tree, written, each) for each in sent.extraneous]
    return written, [*unknown, *_dates(written, sent.configuration)]


def _dates(written: Written, configuration: Part) -> Iterator[Diagnostic]:
    """Those that boto3 can read, and CloudFormation does not take; the others S3 refuses too."""
    for path in configuration.places:
        if not written.called(path).endswith(_DATES):
            continue
        value = value_at(configuration.shape, path)
        moment = None if is_date_of_cloudformation(value) else as_boto3(value)
        if moment is None or moment.time() != time.min:
            continue
        place = written.place(path)
        found = DOCUMENT.at(
            place,
            "CloudFormation does not accept a date in this form",
            notes=[refused_by_cloudformation("E3031")],
            remedy=WriteValue(f'"{moment:%Y-%m-%d}T00:00:00Z"'),
        )
        yield replace(found, about=written.about(place), is_refused_first=True)


def _unknown_property(tree: DataTree, written: Written, extraneous: Extraneous) -> Diagnostic:
    """CloudFormation validates a resource by its schema (cfn-lint 1.58.0 does the same: E3002)."""
    name = extraneous.name
    remedy, fix = _property_meant(tree, extraneous)
    found = DOCUMENT.at(
        span_of(tree, extraneous.where, key=True) or whole_file(written.source.path),
        f"CloudFormation has no property `{name}` here",
        notes=[
            "CloudFormation refuses the template before it sends anything to S3:"
            f" extraneous key [{name}] is not permitted"
        ],
        remedy=remedy,
        fix=fix,
    )
    return replace(found, about=written.about(found.place), is_refused_first=True)


def _property_meant(tree: DataTree, extraneous: Extraneous) -> tuple[Way, Fix | None]:
    if extraneous.name in _S3_ALONE:
        return Advise(f"CloudFormation says it with {_S3_ALONE[extraneous.name]}"), None
    place = tree.places.get(extraneous.where)
    if extraneous.meant and place is not None and place.key is not None:
        key = place.key
        bare = key.source.text[key.start : key.end].replace(extraneous.name, extraneous.meant)
        return WriteName(extraneous.meant), Fix((Edit(key, bare),), safe=True)
    near = misspelt(extraneous.name, sorted(extraneous.known))
    return (WriteName(near, is_guess=True) if near else Advise(REFERENCE)), None

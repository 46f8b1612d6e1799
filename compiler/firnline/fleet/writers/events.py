"""Records of CloudTrail → the writes of buckets' lifecycle that succeeded.

The events are PutBucketLifecycle, as CloudTrail calls PutBucketLifecycleConfiguration, and
DeleteBucketLifecycle (S3 User Guide, "Amazon S3 CloudTrail events"). The rules stand in
`requestParameters.LifecycleConfiguration`, as the XML of the request turned into JSON: `Rule` is no
list where there is one, and days are numbers (samples of such events of Panther and of Stratus Red
Team, read on 2026-11-30; no page of AWS says it, so that any form is read that XML can take so).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from firnline.fleet.writers.writer import Writer, writer_of
from firnline.s3.law import header
from firnline.s3.model import RuleSet
from firnline.s3.read_shape import Unreadable, read_configuration
from firnline.s3.shape import Json
from firnline.s3.xml_shape import ROOT, to_shape
from firnline.s3.xml_tree import Element

PUT: Final = "PutBucketLifecycle"
DELETE: Final = "DeleteBucketLifecycle"
EVENTS: Final = (PUT, DELETE)
"""As CloudTrail names them. An event of `_PUTS` besides is read where a log has one."""
_PUTS: Final = (PUT, "PutBucketLifecycleConfiguration")
_SOURCES: Final = ("s3.amazonaws.com", "s3.amazonaws.com.cn")


@dataclass(frozen=True, slots=True)
class LifecycleWrite:
    """A request that replaced or removed the configuration of a bucket. `rules` is None where
    CloudTrail does not tell them, and has none where they were removed.
    """

    at: datetime
    bucket: str
    account_id: str
    region: str
    rules: RuleSet | None
    writer: Writer
    removes: bool = False
    request_id: str = ""


def read_event(record: object) -> LifecycleWrite | None:
    """None for any other event, and for a request that was refused."""
    if not isinstance(record, Mapping) or record.get("eventSource") not in _SOURCES:
        return None
    name, parameters = record.get("eventName"), record.get("requestParameters")
    if name not in (*_PUTS, DELETE) or record.get("errorCode") or record.get("errorMessage"):
        return None
    at, bucket = _moment(record.get("eventTime")), _of(parameters, "bucketName")
    if at is None or not bucket:
        return None
    rules = RuleSet(()) if name == DELETE else None if _is_cut(record) else _rules(parameters)
    return LifecycleWrite(
        at=at,
        bucket=bucket,
        account_id=_account(record),
        region=_of(record, "awsRegion"),
        rules=rules,
        writer=writer_of(record, (rule.id for rule in rules.rules) if rules else ()),
        removes=name == DELETE,
        request_id=_of(record, "requestID") or _of(record, "eventID"),
    )


def _rules(parameters: object) -> RuleSet | None:
    configuration = parameters.get(ROOT) if isinstance(parameters, Mapping) else None
    if not isinstance(configuration, Mapping) or _is_cut(parameters) or _is_cut(configuration):
        return None
    shape = to_shape(Element(ROOT, children=tuple(_children(configuration))))
    if not isinstance(shape, dict):
        return None
    try:
        size = _of(parameters, header.NAME)
        return read_configuration({**shape, "TransitionDefaultMinimumObjectSize": size})
    except Unreadable:
        return None


def _is_cut(fields: object) -> bool:
    """CloudTrail cuts what is too large, and says `omitted` (CloudTrail record contents)."""
    return isinstance(fields, Mapping) and bool(fields.get("omitted"))


def _children(fields: Mapping[str, Any]) -> Iterator[Element]:
    for name, value in fields.items():
        if name.partition(":")[0] == "xmlns":
            continue
        for each in value if isinstance(value, list) else (value,):
            yield _element(name, each)


def _element(name: str, value: object) -> Element:
    match value:
        case Mapping():
            return Element(name, children=tuple(_children(value)))
        case None:
            return Element(name)
        case bool():
            return Element(name, str(value).lower())
        case _:
            return Element(name, str(value))


def _account(record: Mapping[str, Any]) -> str:
    """Of the bucket: in the log of whoever sent the request, `recipientAccountId` is another."""
    resources = record.get("resources")
    for each in resources if isinstance(resources, list) else ():
        if _of(each, "type") == "AWS::S3::Bucket" and (owner := _of(each, "accountId")):
            return owner
    return _of(record, "recipientAccountId")


def _moment(value: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC) if at else None


def _of(fields: Json | object, name: str) -> str:
    value = fields.get(name) if isinstance(fields, Mapping) else None
    return value if isinstance(value, str) else ""

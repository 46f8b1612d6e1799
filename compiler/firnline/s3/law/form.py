"""boto3's shape → rules that can be judged, and the members that do not fit S3's schema.

A member that does not fit is reported and then read as present without a value, so that the rest of
its rule is still judged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from firnline.s3.law import refusals as no
from firnline.s3.law.members import Report, integer, is_map, listed, moment, text, unknown_members
from firnline.s3.terms import RuleStatus

RULE: Final = frozenset(
    {
        "ID",
        "Prefix",
        "Filter",
        "Status",
        "Expiration",
        "Transitions",
        "NoncurrentVersionTransitions",
        "NoncurrentVersionExpiration",
        "AbortIncompleteMultipartUpload",
    }
)
ACTIONS: Final = (
    "Expiration",
    "Transitions",
    "NoncurrentVersionTransitions",
    "NoncurrentVersionExpiration",
    "AbortIncompleteMultipartUpload",
)
_SIZES = ("ObjectSizeGreaterThan", "ObjectSizeLessThan")
_FILTER = frozenset({"Prefix", "Tag", *_SIZES, "And"})
_AND = frozenset({"Prefix", "Tags", *_SIZES})
_TAG = frozenset({"Key", "Value"})
_EXPIRATION = frozenset({"Days", "Date", "ExpiredObjectDeleteMarker"})
_TRANSITION = frozenset({"Days", "Date", "StorageClass"})
_OLD_MOVE = frozenset({"NoncurrentDays", "StorageClass", "NewerNoncurrentVersions"})
_OLD_END = frozenset({"NoncurrentDays", "NewerNoncurrentVersions"})
_ABORT = frozenset({"DaysAfterInitiation"})
_LARGEST_LONG = 2**63 - 1


@dataclass(slots=True)
class StatedTransition:
    """A transition of current or of noncurrent versions."""

    days: int | None = None
    date: datetime | None = None
    storage_class: str | None = None
    newer: int | None = None


@dataclass(slots=True)
class StatedRule:
    """The content of a rule, as far as it can be read."""

    index: int
    id: str = ""
    scoped: bool = False
    legacy: bool = False
    prefix: str | None = None
    tags: list[tuple[str, str]] = field(default_factory=list)
    tags_at: str = ""
    tag_paths: list[str] = field(default_factory=list)
    has_and: bool = False
    larger: int | None = None
    smaller: int | None = None
    has_sizes: bool = False
    actions: list[str] = field(default_factory=list)
    end_days: int | None = None
    end_date: datetime | None = None
    has_marker: bool = False
    moves: list[StatedTransition] = field(default_factory=list)
    old_moves: list[StatedTransition] = field(default_factory=list)
    old_end_days: int | None = None
    old_end_newer: int | None = None
    has_newer: list[str] = field(default_factory=list)
    abort_days: int | None = None


def read_rule(said: object, index: int, report: Report) -> StatedRule:
    """`report(refusal, path, other)` is called for everything that S3's schema refuses."""
    rule = StatedRule(index)
    if not isinstance(said, Mapping):
        report(no.WRONG_TYPE, "")
        return rule
    if not said.keys() <= RULE:
        unknown_members(said, RULE, "", report)
    rule.id = text(said, "ID", "", report) or ""
    if said.get("Status") not in tuple(RuleStatus):
        report(no.BAD_STATUS, "Status")
    _read_scope(said, rule, report)
    for name in ACTIONS:
        if name in said:
            value = said[name]
            if value in ([], ()) and name.endswith("Transitions"):
                continue  # nothing on the wire
            rule.actions.append(name)
            _READERS[name](value, rule, report)
    return rule


def _read_scope(said: Mapping[str, Any], rule: StatedRule, report: Report) -> None:
    if "Filter" not in said:
        rule.scoped = rule.legacy = "Prefix" in said
        if rule.legacy:
            rule.prefix = text(said, "Prefix", "", report)
        else:
            report(no.NO_SCOPE, "Filter")
        return
    if "Prefix" in said:
        report(no.TWO_SCOPES, "Prefix", "Filter")
        text(said, "Prefix", "", report)
    rule.scoped = "Prefix" not in said
    filter: Any = said["Filter"]
    if not is_map(filter, _FILTER, "Filter", report):
        return
    if len(filter) > 1:
        report(no.SIDE_BY_SIDE, "Filter")
    path = "Filter"
    inner: Any = filter
    if "And" in filter:
        inner, path = filter["And"], "Filter.And"
        rule.has_and = True
        _read_beside_and(filter, report)
        if not is_map(inner, _AND, path, report):
            return
        tags = inner.get("Tags", [])
        if isinstance(tags, list | tuple):
            if len(inner) - ("Tags" in inner) + len(tags) < 2:
                report(no.LONELY_AND, path)
            _read_tags(tags, rule, f"{path}.Tags", report)
        else:
            report(no.WRONG_TYPE, f"{path}.Tags")
    elif "Tag" in inner:
        rule.tags_at = "Filter.Tag"
        _read_tag(inner["Tag"], rule, "Filter.Tag", report)
    if "Prefix" in inner:
        rule.prefix = text(inner, "Prefix", f"{path}.", report)
    _read_sizes(inner, rule, path, report)


def _read_beside_and(filter: Mapping[str, Any], report: Report) -> None:
    """Predicates that do not count, as they stand beside an `And`; their types are judged."""
    ignored = StatedRule(-1)
    text(filter, "Prefix", "Filter.", report)
    _read_sizes(filter, ignored, "Filter", report)
    if "Tag" in filter:
        _read_tag(filter["Tag"], ignored, "Filter.Tag", report)


def _read_sizes(inner: Mapping[str, Any], rule: StatedRule, path: str, report: Report) -> None:
    for name in _SIZES:
        if name in inner:
            rule.has_sizes = True
            value = integer(inner, name, path, report, _LARGEST_LONG)
            if name == "ObjectSizeGreaterThan":
                rule.larger = value
            else:
                rule.smaller = value


def _read_tags(tags: Sequence[Any], rule: StatedRule, path: str, report: Report) -> None:
    rule.tags_at = path if tags else ""
    for number, tag in enumerate(tags):
        _read_tag(tag, rule, f"{path}[{number}]", report)


def _read_tag(tag: Any, rule: StatedRule, path: str, report: Report) -> None:
    if not is_map(tag, _TAG, path, report):
        return
    if len(tag) < 2:
        for name in _TAG - tag.keys():
            report(no.HALF_A_TAG, f"{path}.{name}")
    inside = f"{path}."
    key, value = text(tag, "Key", inside, report), text(tag, "Value", inside, report)
    if key is not None and value is not None:
        rule.tags.append((key, value))
        rule.tag_paths.append(path)


def _read_expiration(said: Any, rule: StatedRule, report: Report) -> None:
    if not is_map(said, _EXPIRATION, "Expiration", report):
        return
    if not said:
        report(no.EMPTY_ACTION, "Expiration")
    rule.end_days = integer(said, "Days", "Expiration", report)
    rule.end_date = moment(said, "Expiration", report)
    if "ExpiredObjectDeleteMarker" in said:
        rule.has_marker = True
        if not isinstance(said["ExpiredObjectDeleteMarker"], bool):
            report(no.WRONG_TYPE, "Expiration.ExpiredObjectDeleteMarker")
        if len(said) > 1:
            other = "Expiration.Date" if "Date" in said else "Expiration.Days"
            report(no.MARKER_AND_TIME, "Expiration.ExpiredObjectDeleteMarker", other)
    elif "Days" in said and "Date" in said:
        report(no.DAYS_AND_DATE, "Expiration.Date", "Expiration.Days")


def _read_transitions(said: Any, rule: StatedRule, report: Report) -> None:
    for path, each in listed(said, "Transitions", _TRANSITION, report):
        move = StatedTransition(
            days=integer(each, "Days", path, report),
            date=moment(each, path, report),
            storage_class=_class(each, path, report),
        )
        if "Days" not in each and "Date" not in each:
            report(no.EMPTY_ACTION, path)
        elif "Days" in each and "Date" in each:
            report(no.DAYS_AND_DATE, f"{path}.Date", f"{path}.Days")
        rule.moves.append(move)


def _read_old_moves(said: Any, rule: StatedRule, report: Report) -> None:
    for path, each in listed(said, "NoncurrentVersionTransitions", _OLD_MOVE, report):
        move = StatedTransition(
            days=_noncurrent_days(each, path, report),
            storage_class=_class(each, path, report),
            newer=_newer(each, rule, path, report),
        )
        rule.old_moves.append(move)


def _read_old_end(said: Any, rule: StatedRule, report: Report) -> None:
    path = "NoncurrentVersionExpiration"
    if is_map(said, _OLD_END, path, report):
        rule.old_end_days = _noncurrent_days(said, path, report)
        rule.old_end_newer = _newer(said, rule, path, report)


def _read_abort(said: Any, rule: StatedRule, report: Report) -> None:
    path = "AbortIncompleteMultipartUpload"
    if is_map(said, _ABORT, path, report):
        if "DaysAfterInitiation" not in said:
            report(no.EMPTY_ACTION, f"{path}.DaysAfterInitiation")
        rule.abort_days = integer(said, "DaysAfterInitiation", path, report)


_READERS: Final[dict[str, Callable[[Any, StatedRule, Report], None]]] = {
    "Expiration": _read_expiration,
    "Transitions": _read_transitions,
    "NoncurrentVersionTransitions": _read_old_moves,
    "NoncurrentVersionExpiration": _read_old_end,
    "AbortIncompleteMultipartUpload": _read_abort,
}


def _noncurrent_days(said: Mapping[str, Any], path: str, report: Report) -> int | None:
    if "NoncurrentDays" not in said:
        report(no.NO_NONCURRENT_DAYS, f"{path}.NoncurrentDays")
    return integer(said, "NoncurrentDays", path, report)


def _newer(said: Mapping[str, Any], rule: StatedRule, path: str, report: Report) -> int | None:
    if "NewerNoncurrentVersions" not in said:
        return None
    where = f"{path}.NewerNoncurrentVersions"
    rule.has_newer.append(where)
    return integer(said, "NewerNoncurrentVersions", path, report)


def _class(said: Mapping[str, Any], path: str, report: Report) -> str | None:
    if "StorageClass" not in said:
        report(no.NO_CLASS, f"{path}.StorageClass")
    return text(said, "StorageClass", f"{path}.", report)

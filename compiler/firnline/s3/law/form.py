"""boto3's shape → rules that can be judged, and the members that do not fit S3's schema.

A member that does not fit is reported and then read as present without a value, so that the rest of
its rule is still judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from firnline.s3.law import refusals as no
from firnline.s3.law.members import Report, integer, is_map, listed, moment, text, unknown_members
from firnline.s3.law.read_scope import read_scope
from firnline.s3.law.stated import (
    StatedExpiration,
    StatedNoncurrentExpiration,
    StatedRule,
    StatedTransition,
)
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
_STATUSES = tuple(RuleStatus)
_NEWER = "NewerNoncurrentVersions"
_EXPIRATION = frozenset({"Days", "Date", "ExpiredObjectDeleteMarker"})
_TRANSITION = frozenset({"Days", "Date", "StorageClass"})
_OLD_MOVE = frozenset({"NoncurrentDays", "StorageClass", _NEWER})
_OLD_END = frozenset({"NoncurrentDays", _NEWER})
_ABORT = frozenset({"DaysAfterInitiation"})
_NO_EXPIRATION = StatedExpiration()
_NO_NONCURRENT_EXPIRATION = StatedNoncurrentExpiration()


def read_rule(said: object, index: int, report: Report) -> StatedRule:
    """`report(refusal, path, other)` is called for everything that S3's schema refuses."""
    if not isinstance(said, Mapping):
        report(no.WRONG_TYPE, "")
        return StatedRule(index)
    if not said.keys() <= RULE:
        unknown_members(said, RULE, "", report)
    id = text(said, "ID", "", report) or ""
    if said.get("Status") not in _STATUSES:
        report(no.BAD_STATUS, "Status")
    return StatedRule(
        index,
        id,
        read_scope(said, report),
        tuple(name for name in ACTIONS if name in said and not _is_left_out(name, said[name])),
        _read_expiration(said, report),
        _read_transitions(said, report),
        _read_noncurrent_transitions(said, report),
        _read_noncurrent_expiration(said, report),
        _read_abort(said, report),
    )


def _is_left_out(name: str, said: object) -> bool:
    """An empty list is nothing on the wire."""
    return name.endswith("Transitions") and said in ([], ())


def _read_expiration(rule: Mapping[str, Any], report: Report) -> StatedExpiration:
    path = "Expiration"
    if path not in rule or not is_map(said := rule[path], _EXPIRATION, path, report):
        return _NO_EXPIRATION
    if not said:
        report(no.EMPTY_ACTION, path)
    days, date = integer(said, "Days", path, report), moment(said, path, report)
    has_marker = "ExpiredObjectDeleteMarker" in said
    if has_marker:
        where = f"{path}.ExpiredObjectDeleteMarker"
        if not isinstance(said["ExpiredObjectDeleteMarker"], bool):
            report(no.WRONG_TYPE, where)
        if len(said) > 1:
            report(no.MARKER_AND_TIME, where, f"{path}.{'Date' if 'Date' in said else 'Days'}")
    if "Days" in said and "Date" in said:
        report(no.DAYS_AND_DATE, f"{path}.Date", f"{path}.Days")
    return StatedExpiration(days, date, has_marker)


def _read_transitions(rule: Mapping[str, Any], report: Report) -> tuple[StatedTransition, ...]:
    if "Transitions" not in rule:
        return ()
    said = listed(rule["Transitions"], "Transitions", _TRANSITION, report)
    return tuple(_read_transition(each, path, report) for path, each in said)


def _read_transition(said: Mapping[str, Any], path: str, report: Report) -> StatedTransition:
    move = StatedTransition(
        days=integer(said, "Days", path, report),
        date=moment(said, path, report),
        storage_class=_class(said, path, report),
    )
    if "Days" not in said and "Date" not in said:
        report(no.EMPTY_ACTION, path)
    elif "Days" in said and "Date" in said:
        report(no.DAYS_AND_DATE, f"{path}.Date", f"{path}.Days")
    return move


def _read_noncurrent_transitions(
    rule: Mapping[str, Any], report: Report
) -> tuple[StatedTransition, ...]:
    name = "NoncurrentVersionTransitions"
    if name not in rule:
        return ()
    return tuple(
        StatedTransition(
            days=_noncurrent_days(said, path, report),
            storage_class=_class(said, path, report),
            newer=integer(said, _NEWER, path, report),
            newer_at=f"{path}.{_NEWER}" if _NEWER in said else "",
        )
        for path, said in listed(rule[name], name, _OLD_MOVE, report)
    )


def _read_noncurrent_expiration(
    rule: Mapping[str, Any], report: Report
) -> StatedNoncurrentExpiration:
    path = "NoncurrentVersionExpiration"
    if path not in rule or not is_map(said := rule[path], _OLD_END, path, report):
        return _NO_NONCURRENT_EXPIRATION
    return StatedNoncurrentExpiration(
        days=_noncurrent_days(said, path, report),
        newer=integer(said, _NEWER, path, report),
        newer_at=f"{path}.{_NEWER}" if _NEWER in said else "",
    )


def _read_abort(rule: Mapping[str, Any], report: Report) -> int | None:
    path = "AbortIncompleteMultipartUpload"
    if path not in rule or not is_map(said := rule[path], _ABORT, path, report):
        return None
    if "DaysAfterInitiation" not in said:
        report(no.EMPTY_ACTION, f"{path}.DaysAfterInitiation")
    return integer(said, "DaysAfterInitiation", path, report)


def _noncurrent_days(said: Mapping[str, Any], path: str, report: Report) -> int | None:
    if "NoncurrentDays" not in said:
        report(no.NO_NONCURRENT_DAYS, f"{path}.NoncurrentDays")
    return integer(said, "NoncurrentDays", path, report)


def _class(said: Mapping[str, Any], path: str, report: Report) -> str | None:
    if "StorageClass" not in said:
        report(no.NO_CLASS, f"{path}.StorageClass")
    return text(said, "StorageClass", f"{path}.", report)

"""What does a rule that S3 refuses do otherwise: what is left of it without what is refused?

So what else is wrong in the rule is found in the same run. Nothing is left where a refusal leaves
open which objects the rule is for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from firnline.lint.paths import steps
from firnline.s3.law import refusals as no
from firnline.s3.law.verdict import Finding
from firnline.s3.terms import RuleStatus
from firnline.s3.timestamps import as_boto3

_MOVES: Final = frozenset({"Transitions", "NoncurrentVersionTransitions"})
_ENDS: Final = ("Expiration", "NoncurrentVersionExpiration")
_ABORT: Final = "AbortIncompleteMultipartUpload"
_MARKER: Final = "ExpiredObjectDeleteMarker"
# These are about how a rule is written; it can be read all the same.
_READ_AS_IT_IS: Final = frozenset(
    {no.ID_TOO_LONG, no.ID_TWICE, no.LONELY_AND, no.NEWER_IN_V1, no.FILTER_IN_V1}
    | {no.PREFIX_IN_V2, no.V1_OVERLAP, no.V1_TWICE}
)


@dataclass(frozen=True, slots=True)
class Remaining:
    """`has_all_ends`: whether it still has every expiration of the rule."""

    rule: Mapping[str, Any]
    has_all_ends: bool = True


def remaining(rule: Any, findings: Iterable[Finding]) -> Remaining | None:
    """The transitions of one list stand or fall together: each depends on those before it."""
    if not isinstance(rule, Mapping):
        return None
    left = dict(rule)
    lost_an_end = False
    for each in findings:
        moves = _MOVES & {*steps(each.path)[2:3], *steps(each.other or "")[2:3]}
        block = each.member.split(".")[0]
        if each.refusal in _READ_AS_IT_IS or each.member == "ID":
            continue
        if moves:
            for name in moves:
                left.pop(name, None)
            if each.refusal is no.MIXED_END:  # days or a date: which of them is meant?
                left.pop("Expiration", None)
                lost_an_end = True
        elif each.refusal is no.MARKER_AND_TIME:
            end = left.get("Expiration", {})
            left["Expiration"] = {key: end[key] for key in end if key != _MARKER}
        elif each.refusal is no.NOT_MIDNIGHT and (end := _at_midnight(left)) is not None:
            left["Expiration"] = end
        elif block in _ENDS:
            left.pop(block, None)
            lost_an_end = True
        elif block == _ABORT:
            left.pop(block, None)
        elif each.refusal is no.BAD_STATUS and (status := _status(left)) is not None:
            left["Status"] = status
        else:
            return None
    return Remaining(left, not lost_an_end)


def _status(rule: Mapping[str, Any]) -> str | None:
    """`enabled` says what is meant."""
    said = str(rule.get("Status")).capitalize()
    return said if said in tuple(RuleStatus) else None


def _at_midnight(rule: Mapping[str, Any]) -> dict[str, Any] | None:
    """The expiration on the day that is meant by its date."""
    end = rule.get("Expiration", {})
    moment = as_boto3(end.get("Date"))
    return None if moment is None else {**end, "Date": f"{moment.date()}T00:00:00Z"}

"""On which day does S3 say that it will expire an object, or abort an upload?

S3's header `x-amz-expiration` (S3 API, GetObject): the earliest day of the rules that expire the
current version; with equal days, which rule it names is not defined (two captures contradict).
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum

from firnline.s3.model import RuleSet
from firnline.s3.simulate.action_due import Candidate, candidates
from firnline.s3.simulate.stored import BucketState, ItemKind, LifecycleAction, StoredItem


class DayVerdict(Enum):
    """Of the day that S3 tells of an object, beside the day by some rules. `NOT_YET`: it is still
    that of the rules before the last write.
    """

    AGREES = "agrees"
    DISAGREES = "disagrees"
    NOT_YET = "not yet"
    UNKNOWN = "unknown"


_EXPIRES = frozenset({LifecycleAction.EXPIRE, LifecycleAction.DELETE_MARKER})
_ABORTS = frozenset({LifecycleAction.ABORT_UPLOAD})


def first_expiration(rules: RuleSet, bucket: BucketState, item: StoredItem) -> Candidate | None:
    """The earliest expiration of a current object version; None where no rule expires it, or it is
    no current data. A transition on the same day does not change what S3 says.
    """
    if item.kind is not ItemKind.OBJECT_VERSION or not item.current:
        return None
    # A retention delays the deletion, not the day that the rules set.
    unlocked = replace(item, retain_until=None, legal_hold=False)
    return _earliest(rules, bucket, unlocked, _EXPIRES)


def first_abort(rules: RuleSet, upload: StoredItem) -> Candidate | None:
    return _earliest(rules, BucketState(), upload, _ABORTS)


def _earliest(
    rules: RuleSet, bucket: BucketState, item: StoredItem, actions: frozenset[LifecycleAction]
) -> Candidate | None:
    found = candidates(rules, bucket, item, item.created)
    dated = [(each.due, each) for each in found if each.due and each.action in actions]
    return min(dated, key=lambda each: each[0], default=(None, None))[1]

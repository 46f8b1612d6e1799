"""What do the rules of one filter do, and which wider rules also affect its objects?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import inf

from firnline.s3.model import (
    Filter,
    NoncurrentExpiration,
    NoncurrentTransition,
    Rule,
    Transition,
)
from firnline.s3.terms import Days, When


@dataclass(frozen=True, slots=True)
class FilterOutcome:
    """`old_versions_end` and `newest_stay` describe what remains after the expiration at `end`:
    when the last noncurrent version of a deleted object is removed, and how many are kept for ever
    where none is. `sooner` is the wider rule that ends the objects before that, and when.
    """

    moves: tuple[Transition, ...]
    end: When | None
    old_versions_end: Days | None
    newest_stay: int | None
    sooner: tuple[Days, str] | None
    old_moves: tuple[NoncurrentTransition, ...]
    old_ends: tuple[NoncurrentExpiration, ...]
    removes_sole_markers: bool
    aborts_uploads_after: Days | None


def outcome_of(same: Sequence[Rule], active: Iterable[Rule]) -> FilterOutcome:
    """`same` are rules of one filter; of those that are `active`, S3 applies the wider ones too."""
    matching = [rule for rule in active if covers(rule.filter, same[0].filter)]
    end = min(
        (each.expires for each in same if each.expires is not None), key=_moment, default=None
    )
    old_moves = {each for rule in same for each in rule.noncurrent_transitions}
    old_ends = {rule.noncurrent_expires for rule in same if rule.noncurrent_expires}
    uploads = [rule.aborts_uploads_after for rule in same]
    return FilterOutcome(
        moves=tuple(
            sorted(
                {each for rule in same for each in rule.transitions},
                key=lambda each: (_moment(each.when), each.storage_class),
            )
        ),
        end=end,
        old_versions_end=_old_versions_end(matching) if end is not None else None,
        newest_stay=_newest_stay(matching),
        sooner=_sooner(same, end, matching),
        old_moves=tuple(sorted(old_moves, key=lambda each: (each.after, each.newer_versions or 0))),
        old_ends=tuple(sorted(old_ends, key=lambda each: (each.after, each.newer_versions or 0))),
        removes_sole_markers=any(rule.removes_sole_markers for rule in same),
        aborts_uploads_after=min((days for days in uploads if days is not None), default=None),
    )


def covers(outer: Filter, inner: Filter) -> bool:
    """Whether everything that `inner` matches, `outer` matches too."""
    return (
        inner.prefix.startswith(outer.prefix)
        and set(outer.tags) <= set(inner.tags)
        and _over(inner) >= _over(outer)
        and _under(inner) <= _under(outer)
    )


def _sooner(
    same: Sequence[Rule], end: When | None, matching: Iterable[Rule]
) -> tuple[Days, str] | None:
    """None where the rules do not act on objects, or expire them on a date."""
    ends = [
        (rule.expires, rule.id)
        for rule in matching
        if isinstance(rule.expires, Days) and (end or rule.filter != same[0].filter)
    ]
    speaks_of_objects = end is not None or any(rule.transitions for rule in same)
    if not ends or not speaks_of_objects or isinstance(end, date):
        return None
    first = min(ends)
    return first if end is None or first[0] < end else None


def _old_versions_end(matching: Iterable[Rule]) -> Days | None:
    """Of those that no count keeps."""
    ends = (rule.noncurrent_expires for rule in matching)
    return min((end.after for end in ends if end and not end.newer_versions), default=None)


def _newest_stay(matching: Iterable[Rule]) -> int | None:
    ends = (rule.noncurrent_expires for rule in matching)
    return min((end.newer_versions for end in ends if end and end.newer_versions), default=None)


def _over(filter: Filter) -> float:
    return -1 if filter.larger_than is None else filter.larger_than


def _under(filter: Filter) -> float:
    return inf if filter.smaller_than is None else filter.smaller_than


def _moment(when: When) -> tuple[bool, int]:
    """Ages before dates; the two cannot be compared without an object."""
    if isinstance(when, Days):
        return False, int(when)
    return True, when.toordinal()

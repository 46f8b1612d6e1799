"""What rules do to a cell → how many days its objects are kept, at least and at most.

S3 rounds every age up to the next midnight UTC, so each clock may take a day longer than its rule
says, and a transition that is due on the day of a delete marker comes first and delays it by a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import inf

from firnline.rules.prove.interference import keeps_versions
from firnline.rules.prove.promised import ROUNDING, longest
from firnline.s3.compare.effect import Effect
from firnline.s3.terms import Clock, Versioning
from firnline.targets.schedule.model import Ends, Kept, Unbounded


@dataclass(frozen=True, slots=True)
class Case:
    """What else decides. `waits_for_registries`: `firnline gc` deletes objects, `unneeded_after`
    so many days at the earliest (None for never). `successor_ends_sooner`: AWS does not document
    from when a noncurrent version counts once its successor is deleted for good.
    """

    versioning: Versioning | None
    object_lock: bool = False
    waits_for_registries: bool = False
    unneeded_after: int | None = None
    successor_ends_sooner: bool = False

    @property
    def is_undocumented(self) -> bool:
        return self.successor_ends_sooner or self.versioning is Versioning.SUSPENDED


def ends_of(effect: Effect, case: Case) -> Ends:
    if case.versioning is Versioning.OFF:
        readable = _readable(effect, case)
        # What is overwritten or deleted where no versions are kept is gone at once.
        return Ends(readable, readable, Kept(0, 0))
    old = _old_versions(effect)
    readable = _readable(effect, case)
    may_be_none_kept = case.versioning is not Versioning.ENABLED
    bytes_ = _after(readable, old)
    if case.waits_for_registries:
        bytes_ = replace(bytes_, least=readable.least)
    if may_be_none_kept:
        old = replace(old, least=0)
        bytes_ = replace(bytes_, least=readable.least)
    return Ends(readable, _guaranteed(bytes_, case), _guaranteed(old, case))


def merged(every: Iterable[Ends]) -> Ends:
    """Of objects of several cells."""
    found = list(every)
    return Ends(
        _merged([each.readable for each in found]),
        _merged([each.bytes for each in found]),
        _merged([each.old_versions for each in found]),
    )


def under_hold(ends: Ends, without: Ends) -> Ends:
    """With holds as the reason wherever they make a difference."""

    def told(kept: Kept, otherwise: Kept) -> Kept:
        return kept if kept == otherwise else replace(kept, unbounded=Unbounded.HOLD)

    return Ends(
        told(ends.readable, without.readable),
        told(ends.bytes, without.bytes),
        told(ends.old_versions, without.old_versions),
    )


def _readable(effect: Effect, case: Case) -> Kept:
    if case.waits_for_registries:
        return Kept(case.unneeded_after, None, Unbounded.REGISTRIES)
    days = [int(when) for when in effect.expirations if isinstance(when, int)]
    dates = [when for when in effect.expirations if isinstance(when, date)]
    first = min(dates, default=None)
    if not days:
        if first is not None:
            return Kept(0, None, Unbounded.ON_DATE, from_date=first)
        return Kept(None, None, Unbounded.NO_RULE)
    ages = [
        longest(Clock.OBJECTS, effect, keeps_versions=keeps)
        for keeps in keeps_versions(case.versioning)
    ]
    least = min(days) if first is None else 0
    delays = 0 if case.versioning is Versioning.OFF else _dated_moves(effect)
    most = max(age for age in ages if age is not None) + delays + ROUNDING
    return Kept(least, most, from_date=first)


def _dated_moves(effect: Effect) -> int:
    """Each of them may come on the day of a delete marker, and delay it by a day."""
    return sum(isinstance(when, date) for when, _ in effect.transitions)


def _old_versions(effect: Effect) -> Kept:
    days = [after for after, _ in effect.noncurrent_expirations]
    if not days:
        return Kept(None, None, Unbounded.OLD_VERSIONS_STAY)
    last = longest(Clock.NONCURRENT_VERSIONS, effect, keeps_versions=True)
    if last is None:
        return Kept(min(days), None, Unbounded.NEWEST_STAY)
    return Kept(min(days), last + ROUNDING)


def _after(readable: Kept, old: Kept) -> Kept:
    """The bytes of an object that becomes a noncurrent version when it expires."""
    least = None if readable.least is None or old.least is None else readable.least + old.least
    if readable.most is None or old.most is None:
        reason = readable.unbounded or old.unbounded
        if readable.unbounded is Unbounded.ON_DATE and old.most is None:
            reason = old.unbounded
        return Kept(least, None, reason, from_date=None if least is None else readable.from_date)
    return Kept(least, readable.most + old.most, from_date=readable.from_date)


def _guaranteed(kept: Kept, case: Case) -> Kept:
    if kept.most is None:
        return kept
    if case.object_lock:
        return replace(kept, most=None, unbounded=Unbounded.OBJECT_LOCK, by_rules=kept.most)
    if case.is_undocumented:
        return replace(kept, most=None, unbounded=Unbounded.SUCCESSOR_DELETED, by_rules=kept.most)
    return kept


def _merged(found: Sequence[Kept]) -> Kept:
    least = min((inf if each.least is None else each.least for each in found), default=inf)
    reasons = [each.unbounded for each in found if each.unbounded]
    by_rules = [each.most if each.by_rules is None else each.by_rules for each in found]
    known = [days for days in by_rules if days is not None]
    return Kept(
        None if least == inf else int(least),
        None if reasons else max(known, default=None),
        min(reasons, key=list(Unbounded).index, default=None),
        max(known) if reasons and len(known) == len(found) else None,
        min((each.from_date for each in found if each.from_date), default=None),
    )

"""Random rules that delete and archive, and what S3 does by them to all that a location covers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from itertools import product

from hypothesis import strategies as st

from firnline.reach.location import Location, LocationKind
from firnline.rules.threats import Loss
from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.model import (
    Filter,
    MinimumSize,
    NoncurrentExpiration,
    Rule,
    RuleSet,
    Transition,
)
from firnline.s3.scope import Tags
from firnline.s3.simulate.history import history
from firnline.s3.simulate.stored import BucketState, StoredItem
from firnline.s3.terms import Days, StorageClass, Versioning

MIDNIGHT = datetime(2026, 1, 1, tzinfo=UTC)
PREFIXES = ("", "a", "a/", "a/b", "a/b/", "a/bc", "b/")
KEYS = ("a", "a/", "a/b", "a/b/", "a/b/x", "a/bc", "a/bc/x", "a/bx", "a/x", "ax", "b", "b/x", "c")
TAGS: tuple[Tags, ...] = ((), (("t", "x"),), (("u", "x"),), (("t", "x"), ("u", "x")))
BOUNDS = ((None, None), (None, None), (None, None), (99, None), (None, 100), (None, 1000))
SIZES = (1, 99, 100, 101, 999, 1000, SMALL_OBJECT - 1, SMALL_OBJECT)
OUT_OF_REACH = ("GLACIER", "DEEP_ARCHIVE")
Losses = dict[Loss, int]

ends = st.sampled_from([2, 4, 6]).map(Days)
moves = st.sampled_from([1, 3, 5]).map(Days)
"""Never on the day of an end: S3 moves an object before it puts a delete marker over it, a day on
(S3 User Guide, "Configuring multiple lifecycle rules").
"""
classes = st.sampled_from([*OUT_OF_REACH, "GLACIER", "GLACIER_IR"]).map(StorageClass)
locations = st.builds(
    Location,
    st.sampled_from(["lab-data"] * 4 + ["lab-logs"] * 2 + ["elsewhere"]),
    st.sampled_from(LocationKind),
    st.sampled_from(["", "a", "a", "a/", "a/b", "a/b/", "a/bc", "b", "b/x", "c"]),
)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    tags = draw(st.sampled_from([(), (), *TAGS]))
    filter = Filter(draw(st.sampled_from(PREFIXES)), tags, *draw(st.sampled_from(BOUNDS)))
    ends_at = draw(ends) if draw(st.integers(0, 3)) else None
    move = (Transition(draw(moves), draw(classes)),) if draw(st.booleans()) else ()
    old = None if ends_at or move else NoncurrentExpiration(Days(1))
    is_enabled = draw(st.integers(0, 9)) > 0
    return Rule("", filter, is_enabled, move, ends_at, noncurrent_expires=old)


@st.composite
def rule_sets(draw: st.DrawFn) -> RuleSet:
    return RuleSet(
        tuple(draw(st.lists(rules(), min_size=1, max_size=4))), draw(st.sampled_from(MinimumSize))
    )


@st.composite
def changes(draw: st.DrawFn) -> tuple[RuleSet, RuleSet]:
    """Mostly with rules that both have, or that match more afterwards."""
    before, other = draw(rule_sets()), draw(rule_sets())
    kept = [rule for rule in before.rules if draw(st.integers(0, 2))]
    after = [draw(widened(rule)) if draw(st.booleans()) else rule for rule in kept]
    return before, RuleSet((*after, *other.rules[:2]), before.minimum_size)


@st.composite
def widened(draw: st.DrawFn, rule: Rule) -> Rule:
    filter = rule.filter
    around = [each for each in PREFIXES if filter.prefix.startswith(each)]
    wider = draw(
        st.sampled_from(
            [
                replace(filter, prefix=draw(st.sampled_from(around))),
                replace(filter, tags=filter.tags[:-1]),
                replace(filter, larger_than=None, smaller_than=None),
            ]
        )
    )
    return replace(rule, filter=wider, expires=rule.expires and draw(ends))


def cells(rules: RuleSet, versioning: Versioning, location: Location) -> Iterator[Losses]:
    """On which days each object under it is lost, one by one, always in the same order."""
    for key, tags, size in product(filter(location.covers, KEYS), TAGS, SIZES):
        matching = tuple(each for each in rules.rules if _matches(each.filter, key, tags, size))
        yield _lost(RuleSet(matching, rules.minimum_size), versioning, key, tags, size)


def _matches(filter: Filter, key: str, tags: Tags, size: int) -> bool:
    return (
        key.startswith(filter.prefix) and set(filter.tags) <= set(tags) and filter.admits_size(size)
    )


@lru_cache(100_000)
def _lost(rules: RuleSet, versioning: Versioning, key: str, tags: Tags, size: int) -> Losses:
    found: Losses = {}
    for each in history(rules, BucketState(versioning), StoredItem(key, MIDNIGHT, size, tags=tags)):
        day = (each.at - MIDNIGHT).days
        if each.item is None or not each.item.current:
            found[Loss.DELETED] = day
            break
        if each.item.storage_class in OUT_OF_REACH:
            found.setdefault(Loss.ARCHIVED, day)
    return found

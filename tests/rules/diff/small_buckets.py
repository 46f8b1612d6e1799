"""Random pairs of small rule sets, and what happens to every object that they can tell apart.

Few prefixes, tags and sizes; each object is tried, without any cell, box or story.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

from hypothesis import strategies as st

from firnline.s3.law.classes import CLASSES
from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.model import (
    Filter,
    NoncurrentExpiration,
    NoncurrentTransition,
    Rule,
    RuleSet,
    Transition,
)
from firnline.s3.scope import Tags
from firnline.s3.simulate.history import history
from firnline.s3.simulate.stored import BucketState, ItemKind, StoredItem
from firnline.s3.terms import Clock, Days, StorageClass, Versioning, When

PREFIXES = ("", "a/", "a/b/", "a/b/c/", "a/d/", "e/")
KEYS = ("x", "a/x", "a/b/x", "a/b/c/x", "a/d/x", "e/x")
TAGS: tuple[Tags, ...] = (
    (),
    (("t", "x"),),
    (("t", "y"),),
    (("u", "z"),),
    (("t", "x"), ("u", "z")),
)
CARRIED: tuple[Tags, ...] = (*TAGS, (("t", "y"), ("u", "z")), (("o", "o"), ("t", "x")))
BOUNDS = ((None, None), (None, None), (0, None), (99, None), (None, 1000), (99, 1000), (500, None))
SIZES = (0, 1, 99, 100, 500, 501, 999, 1000, SMALL_OBJECT - 1, SMALL_OBJECT)
CLOCKS = (Clock.OBJECTS, Clock.NONCURRENT_VERSIONS, Clock.MULTIPART_UPLOADS)
_NOW = datetime(2026, 5, 10, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Kept:
    """What an object is told apart by."""

    key: str
    tags: Tags
    size: int


OBJECTS = tuple(Kept(*each) for each in product(KEYS, CARRIED, SIZES))

Start = tuple[str, int, int]  # storage class, age in days, how many newer noncurrent versions
STARTS: tuple[Start, ...] = tuple(product(("STANDARD", "GLACIER"), range(3), range(2)))

Fate = tuple[object, ...]
"""What is due in each of a few states."""


@st.composite
def actions(draw: st.DrawFn) -> dict[str, Any]:
    """Few, so that different filters often do the same."""
    days = draw(st.integers(1, 2).map(Days))
    cold = StorageClass("GLACIER")
    return draw(
        st.sampled_from(
            [
                *([{"expires": days}] * 4),
                {"transitions": (Transition(days, cold),)},
                {"transitions": (Transition(days, cold),), "expires": Days(2)},
                {"noncurrent_expires": NoncurrentExpiration(days)},
                {"noncurrent_expires": NoncurrentExpiration(days, 1)},
                {"noncurrent_transitions": (NoncurrentTransition(days, cold),)},
            ]
        )
    )


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    prefix = draw(st.sampled_from(PREFIXES))
    if draw(st.integers(0, 9)) == 0:
        days = draw(st.integers(1, 2).map(Days))
        return Rule("", Filter(prefix), aborts_uploads_after=days)
    bounds = draw(st.sampled_from(BOUNDS))
    filter = Filter(prefix, draw(st.sampled_from(TAGS)), *bounds)
    return Rule("", filter, **draw(actions()))


@st.composite
def rule_sets(draw: st.DrawFn, most: int = 4) -> RuleSet:
    return numbered(draw(st.lists(rules(), min_size=1, max_size=most)))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[RuleSet, RuleSet]:
    """Mostly with rules that both have."""
    before = draw(rule_sets())
    kept = [rule for rule in before.rules if draw(st.booleans())]
    return before, numbered([*kept, *draw(rule_sets(3)).rules])


@st.composite
def reworded(draw: st.DrawFn, rules: RuleSet) -> RuleSet:
    """The same in another order under other IDs, with copies for fewer objects, which never act."""
    copies = []
    for rule in draw(st.lists(st.sampled_from(rules.rules), max_size=3)):
        narrower = draw(st.sampled_from([each.filter for each in rules.rules] + [Filter("a/b/")]))
        prefix = max(rule.filter.prefix, narrower.prefix, key=len)
        tags = dict(rule.filter.tags)
        if prefix.startswith(rule.filter.prefix) and all(
            tags.setdefault(key, value) == value for key, value in narrower.tags
        ):
            filter = replace(rule.filter, prefix=prefix, tags=tuple(sorted(tags.items())))
            copies.append(replace(rule, filter=filter))
    return numbered(draw(st.permutations([*rules.rules, *copies])), named="other")


def numbered(rules: list[Rule], named: str = "r") -> RuleSet:
    return RuleSet(tuple(replace(each, id=f"{named}{n}") for n, each in enumerate(rules)))


def fates(
    pair: tuple[RuleSet, RuleSet],
    versioning: Versioning,
    objects: Sequence[Kept] = OBJECTS,
    starts: Sequence[Start] = STARTS,
) -> Iterator[tuple[Clock, Kept, Fate, Fate]]:
    """Of every object, noncurrent version and upload, before and after. Tried once for each set of
    rules that match, and on either side of S3's minimum size.
    """
    known: dict[object, Fate] = {}
    for clock, kept in product(CLOCKS, objects):
        if clock is Clock.NONCURRENT_VERSIONS and versioning is Versioning.OFF:
            continue
        if clock is Clock.MULTIPART_UPLOADS and (kept.tags or kept.size):
            continue
        found = []
        for side in pair:
            matching = tuple(rule for rule in side.rules if matches(rule, kept))
            case = clock, matching, kept.size >= SMALL_OBJECT
            if case not in known:
                known[case] = tuple(_tried(RuleSet(matching), clock, kept, versioning, starts))
            found.append(known[case])
        yield clock, kept, found[0], found[1]


def starts_of(pair: tuple[RuleSet, RuleSet]) -> tuple[Start, ...]:
    """With every age at which anything may begin."""
    rules = [rule for side in pair for rule in side.rules]
    whens: list[When] = [move.when for rule in rules for move in rule.transitions]
    whens += [rule.expires for rule in rules if rule.expires is not None]
    whens += [move.after for rule in rules for move in rule.noncurrent_transitions]
    whens += [rule.noncurrent_expires.after for rule in rules if rule.noncurrent_expires]
    whens += [days for rule in rules if (days := rule.aborts_uploads_after) is not None]
    ages = sorted({0, *(int(when) for when in whens if isinstance(when, int))})
    return tuple(product(CLASSES, ages, range(4)))


def matches(rule: Rule, kept: Kept) -> bool:
    filter = rule.filter
    return (
        kept.key.startswith(filter.prefix)
        and all(tag in kept.tags for tag in filter.tags)
        and (filter.larger_than is None or kept.size > filter.larger_than)
        and (filter.smaller_than is None or kept.size < filter.smaller_than)
    )


def _tried(
    rules: RuleSet, clock: Clock, kept: Kept, versioning: Versioning, starts: Sequence[Start]
) -> Iterator[object]:
    """The action that is due at the next midnight, in each state."""
    old = clock is Clock.NONCURRENT_VERSIONS
    is_upload = clock is Clock.MULTIPART_UPLOADS
    kind = ItemKind.MULTIPART_UPLOAD if is_upload else ItemKind.OBJECT_VERSION
    for storage_class, age, newer in starts:
        began = _NOW - timedelta(days=age)
        item = StoredItem(
            kept.key,
            began,
            kept.size,
            storage_class,
            kept.tags,
            kind=kind,
            current=not old,
            noncurrent_since=began if old else None,
            newer_noncurrent=newer,
        )
        until = _NOW + timedelta(days=1)
        for event in history(rules, BucketState(versioning), item, _NOW, until):
            yield event.action_due.action, event.action_due.storage_class
            break
        else:
            yield None

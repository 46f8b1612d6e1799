"""Random configurations, and every item that could tell two of them apart.

Few prefixes, tags and days: a universe small enough to try all of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product

from hypothesis import strategies as st

from firnline.s3.model import (
    Filter,
    MinimumSize,
    NoncurrentExpiration,
    NoncurrentTransition,
    Rule,
    RuleSet,
    Transition,
)
from firnline.s3.simulate.history import history
from firnline.s3.simulate.stored import BucketState, ItemKind, StoredItem
from firnline.s3.terms import Days, StorageClass, Versioning, When

PREFIXES = ("", "a/", "a/b/")
TAGS = ((), (("t", "x"),), (("t", "y"),), (("t", "x"), ("u", "z")))
BOUNDS = ((None, None), (None, None), (99, None), (None, 1000), (0, 200_000))
CLASSES = ("STANDARD_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER")
TODAY = datetime(2026, 5, 10, 12, tzinfo=UTC)
DATES = (date(2026, 5, 9), date(2026, 5, 12), date(2026, 5, 13))

days = st.integers(0, 3).map(Days)
ends = st.integers(1, 3).map(Days)
whens: st.SearchStrategy[When] = st.one_of(days, days, days, st.sampled_from(DATES))
classes = st.sampled_from(CLASSES).map(StorageClass)
counts = st.sampled_from((None, None, 1, 2))


@st.composite
def rules(draw: st.DrawFn, rule_id: str) -> Rule:
    tags, (larger, smaller) = draw(st.sampled_from(TAGS)), draw(st.sampled_from(BOUNDS))
    bare = not tags and larger is None and smaller is None
    expires = draw(st.one_of(st.none(), ends, st.sampled_from(DATES)))
    return Rule(
        rule_id,
        Filter(draw(st.sampled_from(PREFIXES)), tags, larger, smaller),
        enabled=draw(st.integers(0, 9)) > 0,
        transitions=tuple(
            Transition(*each) for each in draw(st.lists(st.tuples(whens, classes), max_size=2))
        ),
        expires=expires,
        removes_sole_markers=bare and expires is None and draw(st.booleans()),
        noncurrent_transitions=tuple(
            NoncurrentTransition(*each)
            for each in draw(st.lists(st.tuples(days, classes, counts), max_size=1))
        ),
        noncurrent_expires=draw(
            st.one_of(st.none(), st.builds(NoncurrentExpiration, ends, counts))
        ),
        aborts_uploads_after=draw(st.one_of(st.none(), ends)) if bare else None,
    )


@st.composite
def configurations(draw: st.DrawFn) -> RuleSet:
    count = draw(st.integers(1, 3))
    floor = draw(st.sampled_from((MinimumSize.ALL_128K, MinimumSize.ALL_128K, MinimumSize.VARIES)))
    return RuleSet(tuple(draw(rules(str(n))) for n in range(count)), floor)


def universe() -> Iterator[tuple[StoredItem, datetime]]:
    """Every thing, and the day from which on it is looked at."""
    keys = ("x", "a/x", "a/b/x")
    tags = ((), (("t", "x"),), (("t", "y"),), (("t", "x"), ("u", "z")), (("u", "z"),))
    sizes = (0, 99, 100, 999, 1000, 131_071, 131_072, 200_000)
    starts = tuple(
        product(("STANDARD", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER"), range(5), (0, 1, 9))
    )
    for number, (key, tagged, size) in enumerate(product(keys, tags, sizes)):
        # An eighth of all starts for each, another eighth for the next.
        for storage_class, age, later in starts[number % 8 :: 8]:
            today = TODAY + timedelta(days=later)
            began = today - timedelta(days=age)
            yield StoredItem(key, began, size, storage_class, tagged), today
            for newer in range(3):
                yield (
                    StoredItem(
                        key,
                        began,
                        size,
                        storage_class,
                        tagged,
                        current=False,
                        noncurrent_since=began,
                        newer_noncurrent=newer,
                    ),
                    today,
                )
    for key, age in product(keys, range(5)):
        began = TODAY - timedelta(days=age)
        yield StoredItem(key, began, kind=ItemKind.MULTIPART_UPLOAD), TODAY
        yield StoredItem(key, began, kind=ItemKind.DELETE_MARKER), TODAY
        yield StoredItem(key, began, kind=ItemKind.DELETE_MARKER), TODAY + timedelta(days=9)
        for newer in range(3):
            marker = StoredItem(
                key,
                began,
                kind=ItemKind.DELETE_MARKER,
                current=False,
                noncurrent_since=began,
                newer_noncurrent=newer,
            )
            yield marker, TODAY


def told(rules: RuleSet, versioning: Versioning, item: StoredItem, today: datetime) -> list[object]:
    """What the simulator does with a thing from a day on, while it stays what it is."""
    found: list[object] = []
    for event in history(rules, BucketState(versioning), item, today):
        found.append((event.at, event.action_due.action, event.action_due.storage_class))
        if event.item is not None and event.item.current is not item.current:
            break
    return found

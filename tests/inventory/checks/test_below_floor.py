"""Objects that are too small to move are counted as a look at each one's owner says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.inventory.checks.below_floor import sizes_of
from firnline.inventory.checks.seen import look
from firnline.inventory.coverage.of_items import ItemsPopulation
from firnline.rules.owners import ownership
from firnline.rules.program import Program
from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.simulate.stored import StoredItem
from firnline.s3.terms import Clock
from tests.rules.strategies import KEYS, policies
from tests.rules.test_owners_below import TAGS, programs

CREATED = datetime(2026, 1, 1, tzinfo=UTC)
SIZES = (0, 1, 2**10 + 1, SMALL_OBJECT - 1, SMALL_OBJECT, 2**20 + 1, 2**30)
ITEMS = st.lists(
    st.builds(
        lambda key, size, tags: StoredItem(key, CREATED, size, tags=tags),
        st.sampled_from(KEYS),
        st.sampled_from(SIZES),
        st.sampled_from(TAGS),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(policies(), min_size=1, max_size=2), ITEMS)
def test_each_object_counts_to_the_retention_that_moves_it(
    documents: list[dict[str, Any]], items: list[StoredItem]
) -> None:
    # Without any tag a listing does not say whether there are tags.
    items = [*items, StoredItem("zz", CREATED, 1, tags=(("seen", "yes"),))]
    for program in programs(documents)[:1]:
        bucket = look("lab-data", program, ItemsPopulation(tuple(items)), "`lab-data`", None)
        small: Counter[int] = Counter()
        large: Counter[int] = Counter()
        for retention, part in sizes_of(bucket):
            assert not part.perhaps.objects
            small[retention.span.start] += part.small.objects
            large[retention.span.start] += part.large.objects
        assert small + large == _movers(program, items)
        assert +small == _movers(program, [each for each in items if each.size < SMALL_OBJECT])


def _movers(program: Program, items: Sequence[StoredItem]) -> Counter[int]:
    found = (_mover(program, each) for each in items)
    return Counter(each for each in found if each is not None)


def _mover(program: Program, item: StoredItem) -> int | None:
    """The place of the retention that moves objects like it, and says nothing of their size."""
    owner = next(x.owner for x in ownership(program, item) if x.clock is Clock.OBJECTS)
    if owner is None or owner.unit.retention is None or not owner.timeline.moves:
        return None
    retention = owner.unit.retention
    return None if retention.smallest_move else retention.span.start

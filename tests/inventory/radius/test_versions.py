"""Where versions of a key act on each other, all that a change does is because of one item."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import event, given, settings
from hypothesis import strategies as st

from firnline.inventory.forecast.change import Changed
from firnline.inventory.forecast.months import starts
from firnline.inventory.forecast.undecided import Contents
from firnline.inventory.radius.radius import radius
from firnline.inventory.radius.reached import BucketFacts
from firnline.inventory.radius.sums import What
from firnline.rules.diff.items import compare
from firnline.rules.diff.owners import BucketConfig
from firnline.s3.terms import Clock
from tests.inventory.forecast.firnline_words import (
    VERSIONING,
    batch_of,
    group_of,
    group_of_upload,
    rules_of,
)
from tests.inventory.forecast.ledger.stored import Rule, World
from tests.inventory.forecast.random_worlds import rules, worlds

KEY = "lab/*/lab-data"
CHANGES = st.tuples(worlds(), st.lists(rules(), max_size=3))


@settings(max_examples=300, deadline=None)
@given(CHANGES)
def test_all_that_a_change_does_is_because_of_its_items(change: tuple[World, list[Rule]]) -> None:
    world, other = change
    later = replace(world, rules=tuple(other))
    versioning = VERSIONING[world.versioning]
    sides = (BucketConfig(rules_of(each), versioning, object_lock=True) for each in (world, later))
    items = compare(*({KEY: side} for side in sides)).items
    stored = [*map(group_of, world.keys), *map(group_of_upload, world.uploads)]
    changed = Changed(batch_of(world), batch_of(later), Contents(stored))
    facts = BucketFacts(KEY, changed, frozenset(Clock))
    found = radius(items, [facts], starts(world.as_of, 3))
    explained: Counter[What] = Counter()
    for affected in found.items:
        assert affected is not None
        explained += Counter(
            {what: volume.objects.at_least for what, volume in affected.done.items()}
        )
    event(f"{world.versioning or 'off'}: {bool(explained)}")
    assert explained == {what: volume.objects.at_least for what, volume in found.total.done.items()}

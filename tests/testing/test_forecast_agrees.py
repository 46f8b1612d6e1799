"""What `forecast` says is stored, and done first, is what is there when the clock is advanced."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.inventory.forecast.first_run import Happens, first_run
from firnline.inventory.forecast.groups import groups
from firnline.inventory.forecast.months import starts
from firnline.inventory.forecast.stays import by_class
from firnline.inventory.forecast.usage import fates, usage
from firnline.inventory.forecast.volume import Volume
from firnline.s3.simulate.stored import ItemKind, LifecycleAction, StoredItem
from firnline.testing.plan_advance import LifecycleEvent
from tests.testing.random_worlds import MINIMUMS, some_rules
from tests.testing.test_listing_agrees import BEGUN, Begun, batch_of, listed, lived_in


@settings(max_examples=30)
@given(BEGUN, some_rules(), st.sampled_from(MINIMUMS), st.sampled_from((1, 2, 12)))
def test_the_forecast_of_a_listing_is_what_is_then_stored(
    begun: Begun, rules: list[dict[str, Any]], minimum: str, months: int
) -> None:
    with lived_in(begun, rules, minimum) as (aws, s3):
        batch = batch_of(s3)
        begins = starts(aws.now, months)
        found = groups([batch], listed(s3)[1], aws.now)
        expected = list(fates(batch, found, begins[0], begins[-1]))
        run = first_run(expected, begins[0])
        in_all = usage(expected, (), begins)
        assert first_events(aws.advance(until=begins[0]).events) == {
            "freed": run.happens.get(Happens.DELETED, Volume()).bytes,
            "markers removed": run.happens.get(Happens.MARKERS_REMOVED, Volume()).objects,
            "aborted": run.happens.get(Happens.ABORTED, Volume()).objects,
            "moved": {into: volume[:2] for into, volume in run.transitions.items()},
        }
        for month, end in zip(in_all, begins[1:], strict=True):
            aws.advance(until=end - timedelta(seconds=1))
            at_end = {name: volume[:2] for name, volume in by_class(month.at_end).items()}
            assert at_end == stored(listed(s3)[1])


def first_events(events: Sequence[LifecycleEvent]) -> dict[str, Any]:
    moved: dict[str, tuple[int, int]] = {}
    for each in events:
        if each.storage_class is not None:
            objects, size = moved.get(each.storage_class, (0, 0))
            moved[each.storage_class] = (objects + 1, size + each.bytes)
    done = Counter(each.action for each in events)
    aborted = LifecycleAction.ABORT_UPLOAD
    return {
        "freed": sum(each.freed for each in events if each.action is not aborted),
        "markers removed": done[LifecycleAction.REMOVE_DELETE_MARKER],
        "aborted": done[aborted],
        "moved": moved,
    }


def stored(items: Iterable[StoredItem]) -> dict[str, tuple[int, int]]:
    """Objects and bytes, by class."""
    found: dict[str, list[int]] = defaultdict(list)
    for item in items:
        if item.kind is not ItemKind.DELETE_MARKER:
            found[item.storage_class].append(item.size)
    return {name: (len(sizes), sum(sizes)) for name, sizes in found.items()}

"""The ledger and our simulator tell the same of every version, delete marker and upload."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import ItemKind, LifecycleAction, StoredItem
from firnline.s3.simulate.versions import VersionEvent, version_events
from tests.inventory.forecast.firnline_words import batch_of, items_of, upload_of
from tests.inventory.forecast.ledger.law import midnight_from
from tests.inventory.forecast.ledger.stored import Upload, World
from tests.inventory.forecast.ledger.walk import Event, What, walk
from tests.inventory.forecast.random_worlds import worlds

DAYS = 190
WHAT = {
    LifecycleAction.TRANSITION: What.MOVED,
    LifecycleAction.EXPIRE: What.DELETED,
    LifecycleAction.DELETE_VERSION: What.DELETED,
    LifecycleAction.DELETE_MARKER: What.MARKER_ADDED,
    LifecycleAction.REMOVE_DELETE_MARKER: What.MARKER_REMOVED,
    LifecycleAction.ABORT_UPLOAD: What.ABORTED,
}

# The ledger alone takes objects for unread, which after 90 days do not move from one to the other.
WORLDS = st.sampled_from(("INTELLIGENT_TIERING", "ONEZONE_IA")).flatmap(worlds)

Told = tuple[int, str, datetime, str, str]
"""The day, what it is, its creation, what happens to it, and the class that it moves to."""


@settings(max_examples=150)
@given(WORLDS)
def test_they_agree(world: World) -> None:
    assert by_the_ledger(world) == by_the_simulator(world)


@pytest.mark.slow
@settings(max_examples=2_500)
@given(WORLDS)
def test_they_agree_on_thousands(world: World) -> None:
    assert by_the_ledger(world) == by_the_simulator(world)


def by_the_ledger(world: World) -> list[Told]:
    return sorted(_told(event) for event in walk(world, DAYS).events)


def _told(event: Event) -> Told:
    version = event.version
    created = version.initiated if isinstance(version, Upload) else version.created
    into = event.into if event.what is What.MOVED else ""
    return event.day, event.key, created, event.what.value, into


def by_the_simulator(world: World) -> list[Told]:
    batch = batch_of(world)
    stacks = [items_of(key) for key in world.keys]
    stacks += [[upload_of(upload)] for upload in world.uploads]
    return sorted(told for stack in stacks for told in _simulated(batch, stack, world.as_of))


def _simulated(batch: Batch, stack: list[StoredItem], as_of: datetime) -> Iterator[Told]:
    """The simulator also tells what else a version was due for at the midnight that replaces it."""
    begin = midnight_from(as_of)
    until = begin + timedelta(days=DAYS - 1)
    events = list(version_events(batch, stack, as_of, until))
    replaced = {(event.step.at, event.replaced) for event in events}
    items = dict(enumerate(stack))
    for event in events:
        at = event.step.at
        day = (at - begin).days
        items[event.number] = event.before
        if event.marker is not None:
            marker = StoredItem(event.before.key, at, kind=ItemKind.DELETE_MARKER)
            items[event.marker] = marker
        if event.replaced is not None:
            gone = items[event.replaced]
            yield day, gone.key, gone.created, What.REPLACED.value, ""
        if (at, event.number) not in replaced:
            yield day, event.before.key, event.before.created, *_simulated_what(event)


def _simulated_what(event: VersionEvent) -> tuple[str, str]:
    return WHAT[event.step.taken.action].value, event.step.taken.storage_class or ""

"""What the emulator keeps beside moto: the clock, and of each bucket what moto does not."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import RLock

from firnline.inventory.manifest import InventoryFormat
from firnline.testing.advance_report import AdvanceReport, summarize
from firnline.testing.bucket_contents import all_buckets, contents_of
from firnline.testing.deliver_inventories import InventoryDelivery, delivery_times
from firnline.testing.emulated_clock import EmulatedClock, advance_target
from firnline.testing.inventory_requests import InventoryStore
from firnline.testing.lifecycle_store import LifecycleStore
from firnline.testing.lookup_events import Lookups
from firnline.testing.plan_advance import BucketContents, LifecycleEvent, plan_advance
from firnline.testing.run_advance import run_advance
from firnline.testing.storage_metrics import StorageMetrics


@dataclass(frozen=True, slots=True)
class EmulatorState:
    """Take `lock` to read or write moto's buckets."""

    clock: EmulatedClock
    started: datetime
    lifecycles: LifecycleStore = field(default_factory=LifecycleStore)
    inventories: InventoryDelivery = field(
        default_factory=lambda: InventoryDelivery(InventoryStore())
    )
    metrics: StorageMetrics = field(default_factory=StorageMetrics)
    trail: Lookups = field(default_factory=Lookups)
    lock: RLock = field(default_factory=RLock)

    def advance(self, days: int | None, until: date | datetime | None) -> AdvanceReport:
        with self.lock:
            since = self.clock.now()
            target = advance_target(since, days, until)
            contents = self._contents(since)
            events = plan_advance(contents, since, target)
            before = tuple(map(summarize, contents))
            inventories = self._run(events, since, target)
            self.clock.set(target)
            now = tuple(map(summarize, self._contents(target)))
            return AdvanceReport(since, target, events, before, now, inventories)

    def deliver_inventories(self, form: InventoryFormat | None = None) -> tuple[str, ...]:
        """All that are configured, as of now, and from now on in this format."""
        with self.lock:
            if form is not None:
                self.inventories.store.write_as(form)
            return tuple(self.inventories.deliver(self.clock.now(), on_demand=True))

    def _run(
        self, events: Sequence[LifecycleEvent], since: datetime, target: datetime
    ) -> tuple[str, ...]:
        """The events by day, and after those of each day its inventories and storage metrics."""
        delivered: list[str] = []
        changed: set[str] | None = None
        done = 0
        daily = self.inventories.store.all() or self.metrics.is_on
        for moment in delivery_times(since, target) if daily else ():
            due = bisect_right(events, moment, key=lambda each: each.at)
            run_advance(events[done:due])
            if changed is not None:
                changed = {each.bucket for each in events[done:due]}
            self.metrics.record(moment, changed)
            delivered += self.inventories.deliver(moment, changed)
            changed, done = set(), due
        run_advance(events[done:])
        return tuple(delivered)

    def plan(self, days: int | None, until: date | datetime | None) -> tuple[LifecycleEvent, ...]:
        with self.lock:
            since = self.clock.now()
            target = advance_target(since, days, until)
            return plan_advance(self._contents(since), since, target)

    def _contents(self, at: datetime) -> list[BucketContents]:
        return [contents_of(bucket, self.lifecycles, at) for bucket in all_buckets()]

"""What the emulator keeps beside moto: the clock and the lifecycle of each bucket."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from threading import RLock

from firnline.testing.advance_report import AdvanceReport, summarize
from firnline.testing.bucket_contents import all_buckets, contents_of
from firnline.testing.emulated_clock import EmulatedClock, advance_target
from firnline.testing.lifecycle_store import LifecycleStore
from firnline.testing.plan_advance import LifecycleEvent, plan_advance
from firnline.testing.run_advance import run_advance


@dataclass(frozen=True, slots=True)
class EmulatorState:
    """Take `lock` to read or write moto's buckets."""

    clock: EmulatedClock
    started: datetime
    lifecycles: LifecycleStore = field(default_factory=LifecycleStore)
    lock: RLock = field(default_factory=RLock)

    def advance(self, days: int | None, until: date | datetime | None) -> AdvanceReport:
        with self.lock:
            since = self.clock.now()
            target = advance_target(since, days, until)
            events = self._plan(since, target)
            run_advance(events)
            self.clock.set(target)
            contents = (contents_of(each, self.lifecycles, target) for each in all_buckets())
            return AdvanceReport(since, target, events, tuple(map(summarize, contents)))

    def plan(self, days: int | None, until: date | datetime | None) -> tuple[LifecycleEvent, ...]:
        with self.lock:
            since = self.clock.now()
            return self._plan(since, advance_target(since, days, until))

    def _plan(self, since: datetime, until: datetime) -> tuple[LifecycleEvent, ...]:
        contents = [contents_of(bucket, self.lifecycles, since) for bucket in all_buckets()]
        return plan_advance(contents, since, until)

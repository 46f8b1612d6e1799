"""The clock and what hangs on it: a turn plans what the live rules ask for, and then does it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from threading import RLock

from firnline.testing.advance import Happened, plan_advance
from firnline.testing.advanced import Advanced, left_in
from firnline.testing.clock import Clock, turned
from firnline.testing.held import all_buckets, held_bucket
from firnline.testing.lifecycle_store import LifecycleStore
from firnline.testing.run import run_advance


@dataclass(frozen=True, slots=True)
class Turning:
    """Whoever reads or writes what moto holds meanwhile takes `lock`."""

    clock: Clock
    started: datetime
    lifecycles: LifecycleStore = field(default_factory=LifecycleStore)
    lock: RLock = field(default_factory=RLock)

    def advance(self, days: int | None, until: date | datetime | None) -> Advanced:
        with self.lock:
            since = self.clock.now()
            target = turned(since, days, until)
            planned = self._plan(since, target)
            run_advance(planned)
            self.clock.turn_to(target)
            left = (held_bucket(bucket, self.lifecycles, target) for bucket in all_buckets())
            return Advanced(since, target, planned, tuple(map(left_in, left)))

    def plan(self, days: int | None, until: date | datetime | None) -> tuple[Happened, ...]:
        with self.lock:
            since = self.clock.now()
            return self._plan(since, turned(since, days, until))

    def _plan(self, since: datetime, until: datetime) -> tuple[Happened, ...]:
        held = [held_bucket(bucket, self.lifecycles, since) for bucket in all_buckets()]
        return plan_advance(held, since, until)

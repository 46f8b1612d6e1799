"""The faults that are still to come, and which of them a request meets."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Lock

from firnline.testing.another_writer import AnotherWriter
from firnline.testing.aws_request import AwsRequest
from firnline.testing.faults import READS, Fault, completed
from firnline.testing.lost_access import LostAccess


@dataclass(frozen=True, slots=True)
class _Pending:
    fault: Fault
    until: float | None = None  # of `stale_seconds`, once it has begun


@dataclass(slots=True)
class Faults:
    """Each is removed after as many requests as its `times`; what it did to accounts, sessions and
    buckets lasts until `clear`.
    """

    now: Callable[[], float] = time.monotonic
    lost_access: LostAccess = field(default_factory=LostAccess)
    _lock: Lock = field(default_factory=Lock)
    _pending: list[_Pending] = field(default_factory=list)
    _writers: list[AnotherWriter] = field(default_factory=list)

    @property
    def pending(self) -> tuple[Fault, ...]:
        with self._lock:
            self._forget_the_past()
            return tuple(each.fault for each in self._pending)

    def add(self, fault: Fault) -> None:
        """Raises `BadFault`."""
        fault = completed(fault)
        with self._lock:
            if fault.writer:
                self._writers.append(AnotherWriter(fault, self.now()))
            else:
                begun = _Pending(fault)
                self._pending.append(begun if fault.after_write else self._begun(begun))

    def clear(self) -> None:
        """Closed accounts are open again, expired sessions valid, and nobody else writes."""
        with self._lock:
            self._pending.clear()
            self._writers.clear()
            self.lost_access.clear()

    def take(self, request: AwsRequest) -> Fault | None:
        """The first failure or delay that matches the request."""
        fault = self._take(request, lambda each: not _alters_an_answer(each))
        if fault is not None:
            self.lost_access.apply(fault)
        return fault

    def take_stale(self, request: AwsRequest) -> bool:
        """Whether it sees the configuration before the last write; another operation than a read of
        the lifecycle only where a fault names it.
        """
        operation = request.operation
        named = ("", operation) if operation in READS else (operation,)
        found = self._take(request, lambda each: each.is_stale and each.operation in named)
        return found is not None

    def take_rewritten(self, request: AwsRequest) -> int:
        """Another number for each read that is to be spelled another way; 0 for others."""
        fault = self._take(request, lambda each: each.rewritten)
        return fault.times if fault else 0

    def take_expiry(self, request: AwsRequest) -> Callable[[datetime], datetime | None]:
        """What is told in place of a day of expiry; None is no day."""
        fault = self._take(request, lambda each: each.alters_expiry)
        if fault is None:
            return lambda day: day
        return lambda day: None if fault.no_expiry else day + timedelta(fault.expiry_shift_days)

    def writers(self, bucket: str) -> tuple[AnotherWriter, ...]:
        with self._lock:
            return tuple(each for each in self._writers if each.fault.bucket == bucket)

    def note_write(self, bucket: str) -> None:
        """A lifecycle was written: faults with `after_write` apply from now on."""
        with self._lock:
            self._pending = [
                self._begun(each)
                if each.fault.after_write and each.fault.bucket in ("", bucket)
                else each
                for each in self._pending
            ]

    def _begun(self, each: _Pending) -> _Pending:
        seconds = each.fault.stale_seconds
        until = self.now() + seconds if seconds else None
        return _Pending(replace(each.fault, after_write=False), until)

    def _take(self, request: AwsRequest, is_wanted: Callable[[Fault], bool]) -> Fault | None:
        with self._lock:
            self._forget_the_past()
            for position, each in enumerate(self._pending):
                fault = each.fault
                if not is_wanted(fault) or fault.after_write or not fault.matches(request):
                    continue
                if fault.after:
                    self._pending[position] = replace(
                        each, fault=replace(fault, after=fault.after - 1)
                    )
                    continue
                self._use_up(position)
                return fault
            return None

    def _forget_the_past(self) -> None:
        now = self.now()
        self._pending = [each for each in self._pending if each.until is None or now < each.until]

    def _use_up(self, position: int) -> None:
        each = self._pending[position]
        if each.until is not None:
            return
        if each.fault.times == 1:
            del self._pending[position]
        else:
            fewer = replace(each.fault, times=each.fault.times - 1)
            self._pending[position] = replace(each, fault=fewer)


def _alters_an_answer(fault: Fault) -> bool:
    """Only what a request is answered, which is then as if nothing were wrong."""
    return fault.is_stale or fault.alters_expiry or fault.rewritten

"""Injected faults: which request fails, is delayed, or reads a stale configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from threading import Lock
from typing import Any

from firnline.testing.aws_request import AwsRequest

WRITES = frozenset({"PutBucketLifecycleConfiguration", "DeleteBucketLifecycle"})
READS = frozenset({"GetBucketLifecycleConfiguration"})


class BadFault(Exception):
    """The description of a fault is invalid; the text says why."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Matches by operation, account and bucket, where given; has one effect or more.

    `account` is the caller's or, for AssumeRole, the one whose role is requested.
    """

    operation: str = ""
    account: str = ""
    bucket: str = ""
    status: int = 0
    code: str = ""
    message: str = ""
    delay_seconds: float = 0.0
    stale: int = 0  # so many reads of the lifecycle see the configuration before the last write
    after_write: bool = False  # `stale` begins with the next write of the lifecycle
    times: int = 1

    def matches(self, request: AwsRequest) -> bool:
        return (
            self.operation in ("", request.operation)
            and (not self.account or self.account in request.accounts)
            and self.bucket in ("", request.bucket)
        )


def read_fault(description: object) -> Fault:
    """JSON → `Fault`; raises `BadFault`."""
    if not isinstance(description, Mapping):
        raise BadFault("a fault is a JSON object")
    known = {field.name: type(field.default) for field in fields(Fault)}
    for name, value in description.items():
        if name not in known:
            raise BadFault(f"`{name}` is not known; expected one of: {', '.join(known)}")
        _require_type(name, value, known[name])
    fault = Fault(**description)
    if not (fault.status or fault.delay_seconds or fault.stale):
        raise BadFault("give an effect: `status`, `delay_seconds` or `stale`")
    if fault.status and not 300 <= fault.status <= 599:
        raise BadFault("`status` is an HTTP status from 300 to 599")
    if fault.times < 1 or fault.stale < 0 or fault.delay_seconds < 0:
        raise BadFault("`times` is at least 1, and no number is negative")
    if fault.after_write and not fault.stale:
        raise BadFault("`after_write` goes with `stale`")
    return replace(fault, times=fault.stale) if fault.stale else fault


class Faults:
    """The pending faults; each is removed after as many requests as its `times`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._pending: list[Fault] = []

    @property
    def pending(self) -> tuple[Fault, ...]:
        with self._lock:
            return tuple(self._pending)

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._pending.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._pending.clear()

    def take(self, request: AwsRequest) -> Fault | None:
        """The first failure or delay that matches the request."""
        return self._take(request, stale=False)

    def take_stale(self, request: AwsRequest) -> bool:
        return request.operation in READS and self._take(request, stale=True) is not None

    def note_write(self, bucket: str) -> None:
        """A lifecycle was written: faults with `after_write` apply from now on."""
        with self._lock:
            self._pending = [
                replace(fault, after_write=False) if fault.bucket in ("", bucket) else fault
                for fault in self._pending
            ]

    def _take(self, request: AwsRequest, *, stale: bool) -> Fault | None:
        with self._lock:
            for position, fault in enumerate(self._pending):
                if bool(fault.stale) is stale and not fault.after_write and fault.matches(request):
                    self._use_up(position)
                    return fault
            return None

    def _use_up(self, position: int) -> None:
        fault = self._pending[position]
        if fault.times == 1:
            del self._pending[position]
        else:
            self._pending[position] = replace(fault, times=fault.times - 1)


def _require_type(name: str, value: Any, wanted: type) -> None:
    accepted = (int, float) if wanted is float else wanted
    if not isinstance(value, accepted) or (isinstance(value, bool) and wanted is not bool):
        raise BadFault(f"`{name}` is a {wanted.__name__}")

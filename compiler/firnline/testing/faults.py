"""What a fault is: which request it is about, and what happens to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from firnline.testing.aws_request import AwsRequest

WRITES = frozenset({"PutBucketLifecycleConfiguration", "DeleteBucketLifecycle"})
READS = frozenset({"GetBucketLifecycleConfiguration"})
CONNECTIONS: Final = ("silent", "reset")
WRITERS: Final = ("adds", "replaces")

# S3 API reference, "Error responses"; STS API reference, "Common errors". The first is S3's.
CODES: Final[Mapping[str, tuple[int, str]]] = {
    "AccessDenied": (403, "Access Denied"),
    "ExpiredToken": (400, "The provided token has expired."),
    "InternalError": (500, "We encountered an internal error. Please try again."),
    "NoSuchBucket": (404, "The specified bucket does not exist"),
    "ServiceUnavailable": (503, "Service is unable to handle request."),
    "SlowDown": (503, "Please reduce your request rate."),
    "Throttling": (400, "Rate exceeded"),
}
"""What needs no `status`: the status and the message of each."""


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
    after: int = 0  # so many requests that match are answered first
    stale_seconds: float = 0.0  # as `stale`, for so long
    connection: str = ""  # silent: no answer until the client gives up; reset: closed at once
    carried_out: bool = False  # the request has its effect, and only the answer is lost
    expire_sessions: bool = False  # those of `account` that there are now
    close_account: bool = False
    writer: str = ""  # another writer of the bucket, until the faults are cleared
    every_seconds: float = 0.0  # how often it writes
    expiry_shift_days: int = 0  # the days of expiry that S3 tells are so much later
    no_expiry: bool = False  # S3 tells none
    rewritten: bool = (
        False  # reads of the lifecycle have another order and spelling, the same rules
    )

    def matches(self, request: AwsRequest) -> bool:
        return (
            self.operation in ("", request.operation)
            and (not self.account or self.account in request.accounts)
            and self.bucket in ("", request.bucket)
        )

    @property
    def is_stale(self) -> bool:
        return bool(self.stale or self.stale_seconds)

    @property
    def alters_expiry(self) -> bool:
        return self.no_expiry or self.expiry_shift_days != 0


def read_fault(description: object) -> Fault:
    """JSON → `Fault`; raises `BadFault`."""
    if not isinstance(description, Mapping):
        raise BadFault("a fault is a JSON object")
    known = {field.name: type(field.default) for field in fields(Fault)}
    for name, value in description.items():
        if name not in known:
            raise BadFault(f"`{name}` is not known; expected one of: {', '.join(known)}")
        _require_type(name, value, known[name])
    return completed(Fault(**description))


def completed(fault: Fault) -> Fault:
    """With the status and message that its code has in S3; raises `BadFault`."""
    if fault.code in CODES and not fault.status:
        status, message = CODES[fault.code]
        fault = replace(fault, status=status, message=fault.message or message)
    if wrong := next(_mistakes(fault), None):
        raise BadFault(wrong)
    return replace(fault, times=fault.stale) if fault.stale else fault


def _mistakes(fault: Fault) -> Iterator[str]:
    if fault.code and not fault.status:
        yield f"give a `status` with this `code`; only these have one: {', '.join(CODES)}"
    if not any(getattr(fault, name) for name in _EFFECTS):
        yield f"give an effect: {', '.join(f'`{name}`' for name in _EFFECTS)}"
    if fault.status and not 300 <= fault.status <= 599:
        yield "`status` is an HTTP status from 300 to 599"
    numbers = fault.stale, fault.stale_seconds, fault.delay_seconds, fault.after
    if fault.times < 1 or min(*numbers, fault.every_seconds) < 0:
        yield "`times` is at least 1, and no number is negative"
    if fault.after_write and not fault.is_stale:
        yield "`after_write` goes with `stale` or `stale_seconds`"
    if fault.stale and fault.stale_seconds:
        yield "`stale` is a number of reads, `stale_seconds` a time: give one of them"
    if fault.connection not in ("", *CONNECTIONS):
        yield f"`connection` is one of: {', '.join(CONNECTIONS)}"
    if fault.carried_out and not fault.connection:
        yield "`carried_out` goes with `connection`"
    yield from _lasting_mistakes(fault)


def _lasting_mistakes(fault: Fault) -> Iterator[str]:
    if (fault.expire_sessions or fault.close_account) and not fault.account:
        yield "`expire_sessions` and `close_account` need the `account`"
    if fault.writer not in ("", *WRITERS):
        yield f"`writer` is one of: {', '.join(WRITERS)}"
    if bool(fault.writer) != bool(fault.every_seconds):
        yield "`writer` and `every_seconds` go together"
    if fault.writer and not fault.bucket:
        yield "`writer` needs the `bucket`"
    if fault.writer and (fault.times > 1 or fault.after):
        yield "a `writer` writes until the faults are cleared: leave out `times` and `after`"


_EFFECTS: Final = (
    "status",
    "code",
    "delay_seconds",
    "stale",
    "stale_seconds",
    "connection",
    "expire_sessions",
    "close_account",
    "writer",
    "expiry_shift_days",
    "no_expiry",
    "rewritten",
)


def _require_type(name: str, value: Any, wanted: type) -> None:
    accepted = (int, float) if wanted is float else wanted
    if not isinstance(value, accepted) or (isinstance(value, bool) and wanted is not bool):
        raise BadFault(f"`{name}` is a {wanted.__name__}")

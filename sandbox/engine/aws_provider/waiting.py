"""How long after a write: not at all, or as the official provider waits for S3 to settle.

FIRNLINE_PROVIDER_WAIT=official waits as it does; `official:0.01` does so a hundred times faster.
Times from terraform-provider-aws v6, bucket_lifecycle_configuration.go, waitLifecycleConfigEquals.
"""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

VARIABLE = "FIRNLINE_PROVIDER_WAIT"

_FIRST_READ = 10.0
_BETWEEN_READS = 5.0
_EQUAL_READS = 10
_MISSING_READS = 20
_DEFAULT_TIMEOUT = 180.0
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}


class TimedOut(Exception):
    """What was written is unknown: it may or may not hold."""


class Stopped(Exception):
    """The engine sent a request to cancel."""


@dataclass(frozen=True, slots=True)
class Wait:
    """`scale` 0 means: do not wait."""

    scale: float = 0.0

    @property
    def official(self) -> bool:
        return self.scale > 0


def parse(setting: str) -> Wait:
    """Of the variable; raises ValueError for what it does not know."""
    if not setting:
        return Wait()
    found = re.fullmatch(r"official(?::(\d+(?:\.\d+)?))?", setting)
    if not found:
        raise ValueError(f"{VARIABLE} is `official` or `official:SCALE`, not `{setting}`")
    return Wait(float(found[1] or 1))


def seconds(duration: str | None) -> float:
    """Of a Go duration such as `1h30m`; three minutes where none is given."""
    if duration is None:
        return _DEFAULT_TIMEOUT
    parts = re.findall(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)", duration)
    return sum(float(number) * _UNITS[unit] for number, unit in parts)


def until_settled(
    wait: Wait, timeout: float, equal: Callable[[], bool | None], stop: threading.Event
) -> None:
    """Ten equal reads in a row; `equal` says None where there is nothing to read."""
    deadline = time.monotonic() + timeout * wait.scale
    last, equal_in_a_row, missing = False, 0, 0
    _pause(stop, min(_FIRST_READ, timeout) * wait.scale)
    while equal_in_a_row < _EQUAL_READS:
        if time.monotonic() >= deadline:
            state = "true" if last else "false"
            raise TimedOut(
                "timeout while waiting for state to become 'true' "
                f"(last state: '{state}', timeout: {timeout:g}s)"
            )
        is_equal = equal()
        last = bool(is_equal)
        equal_in_a_row = equal_in_a_row + 1 if is_equal else 0
        missing = missing + 1 if is_equal is None else 0
        if missing > _MISSING_READS:
            raise TimedOut(f"couldn't find resource ({missing} retries)")
        if equal_in_a_row < _EQUAL_READS:
            _pause(stop, _BETWEEN_READS * wait.scale)


def _pause(stop: threading.Event, length: float) -> None:
    if stop.wait(length):
        raise Stopped("context canceled")

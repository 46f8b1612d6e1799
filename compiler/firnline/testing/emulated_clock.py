"""What time is it in the emulator? Real time, plus however far the clock has been advanced."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

LAST = datetime(9998, 12, 31, tzinfo=UTC)  # `datetime` cannot calculate much beyond it


class BadAdvance(ValueError):
    """The clock cannot be advanced like that; the text says why."""


def real_time() -> datetime:
    return datetime.now(UTC)


class EmulatedClock:
    """Starts at `started`, or now, and runs at the pace of `real`."""

    def __init__(
        self, started: datetime | None = None, real: Callable[[], datetime] = real_time
    ) -> None:
        self._real = real
        self._ahead = started - real() if started else timedelta()

    def now(self) -> datetime:
        return self._real() + self._ahead

    def set(self, moment: datetime) -> None:
        """It is `moment` now, and time goes on from there."""
        self._ahead = moment - self._real()

    def naive_now(self) -> datetime:
        """moto's form: UTC without a time zone."""
        return self.now().replace(tzinfo=None)


def advance_target(
    now: datetime, days: int | None = None, until: date | datetime | None = None
) -> datetime:
    """The time to advance the clock to: `days` later, or the midnight UTC at which a date begins.
    Raises `BadAdvance` where it is not ahead of `now`, or not well defined."""
    if (days is None) == (until is None):
        raise BadAdvance("give either `days` or `until`")
    if days is not None:
        return _days_later(now, days)
    assert until is not None
    moment = until if isinstance(until, datetime) else datetime.combine(until, time(), UTC)
    if moment.tzinfo is None:
        raise BadAdvance(f"`{moment}` has no time zone")
    if moment <= now:
        raise BadAdvance(f"it is already {_shown(now)} there, and the clock cannot go back")
    if moment > LAST:
        raise BadAdvance(f"the clock cannot go beyond {LAST:%Y-%m-%d}")
    return moment.astimezone(UTC)


def _days_later(now: datetime, days: int) -> datetime:
    if days < 0:
        raise BadAdvance(f"{days} days would set the clock back; it cannot go back")
    if days == 0:
        raise BadAdvance("0 days later is now: advance the clock by 1 day or more")
    if days > (LAST - now).days:
        raise BadAdvance(f"the clock cannot go beyond {LAST:%Y-%m-%d}")
    return now + timedelta(days=days)


def _shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"

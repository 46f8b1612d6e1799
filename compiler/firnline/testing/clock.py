"""What time is it in the emulator? The real time, and as much later as the clock was turned."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

LAST = datetime(9998, 12, 31, tzinfo=UTC)  # beyond it dates can no longer be reckoned with


class BadTurn(ValueError):
    """The clock cannot be turned like that; the text says why."""


def _real_time() -> datetime:
    return datetime.now(UTC)


class Clock:
    """Goes on from `started`, or from now; with `real`, at another clock's pace."""

    def __init__(
        self, started: datetime | None = None, real: Callable[[], datetime] = _real_time
    ) -> None:
        self._real = real
        self._ahead = started - real() if started else timedelta()

    def now(self) -> datetime:
        return self._real() + self._ahead

    def turn_to(self, moment: datetime) -> None:
        """It says `moment` now, and goes on from there."""
        self._ahead = moment - self._real()

    def naive_now(self) -> datetime:
        """moto's form: UTC, without saying so."""
        return self.now().replace(tzinfo=None)


def turned(
    now: datetime, days: int | None = None, until: date | datetime | None = None
) -> datetime:
    """The moment that a clock is to be turned to: so many days later, or the midnight UTC with
    which a date begins; raises `BadTurn` where that makes no sense or lies behind."""
    if (days is None) == (until is None):
        raise BadTurn("say either `days` or `until`")
    if days is not None:
        return _days_later(now, days)
    assert until is not None
    moment = until if isinstance(until, datetime) else datetime.combine(until, time(), UTC)
    if moment.tzinfo is None:
        raise BadTurn(f"`{moment}` does not say its time zone")
    if moment <= now:
        raise BadTurn(f"it is {_said(now)} there already, and the clock is not turned backwards")
    if moment > LAST:
        raise BadTurn(f"the clock goes to {LAST:%Y-%m-%d}, no further")
    return moment.astimezone(UTC)


def _days_later(now: datetime, days: int) -> datetime:
    if days < 0:
        raise BadTurn(f"{days} days would turn the clock backwards")
    if days == 0:
        raise BadTurn("0 days later is now: turn the clock by 1 day or more")
    if days > (LAST - now).days:
        raise BadTurn(f"the clock goes to {LAST:%Y-%m-%d}, no further")
    return now + timedelta(days=days)


def _said(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"

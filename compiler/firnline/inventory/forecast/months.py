"""When does each month of a forecast begin?"""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime

from firnline.s3.simulate.clock import midnight_from


def starts(as_of: datetime, months: int) -> list[datetime]:
    """The first midnight from a moment on, at which the rules act first; the same day of each of so
    many months after it, or the last day of a shorter one.
    """
    begin = midnight_from(as_of)
    return [_months_later(begin, number) for number in range(months + 1)]


def _months_later(begin: datetime, months: int) -> datetime:
    years, month = divmod(begin.month - 1 + months, 12)
    year = begin.year + years
    last = monthrange(year, month + 1)[1]
    return begin.replace(year=year, month=month + 1, day=min(begin.day, last))

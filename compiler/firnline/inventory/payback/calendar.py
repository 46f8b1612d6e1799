"""Which part of the months of a bill is a span of days?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from firnline.inventory.forecast.months import starts
from firnline.inventory.payback.rates import MONTH
from firnline.s3.simulate.clock import DAY


class Calendar:
    """Days are counted from the first midnight at which rules act. It reaches as many months again
    behind a forecast, so that each of its transitions has that long to pay.
    """

    def __init__(self, as_of: datetime, months: int) -> None:
        self.months = months
        self.midnights: Sequence[datetime] = starts(as_of, 2 * months + 1)
        self.begin = self.midnights[0]
        self.within = (self.midnights[months] - self.begin).days
        """The first day after the forecast."""
        self._elapsed = [0]
        for first, end in pairwise(self.midnights):
            days = (end - first).days
            self._elapsed += [self._elapsed[-1] + MONTH // days * n for n in range(1, days + 1)]
        self._until: dict[tuple[int, int], int] = {}

    def between(self, first: int, end: int) -> int:
        """Parts of a month (`MONTH`)."""
        return self._elapsed[end] - self._elapsed[first]

    def after(self, day: int, months: int | None = None) -> int:
        """The day so many calendar months later; by default as many as are forecast."""
        key = (day, self.months if months is None else months)
        if key not in self._until:
            later = starts(self.begin + day * DAY, key[1])[-1]
            self._until[key] = (later - self.begin).days
        return self._until[key]

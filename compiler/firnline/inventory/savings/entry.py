"""One change of a bucket's rules that was deployed, and what was forecast for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from firnline.s3.model import RuleSet
from firnline.s3.terms import Versioning

MONTHS: Final = 12
"""Of the forecast that is kept."""


DIGITS: Final = 6
"""To which dollars are rounded."""


@dataclass(frozen=True, slots=True)
class Side:
    """Month by month: the bytes of each storage class at its end, and what it costs in US dollars,
    rounded to a millionth.
    """

    stored: Mapping[str, tuple[int, ...]]
    usd: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """`prices_of` is the day of the prices."""

    prices_of: str
    before: Side
    after: Side

    def saved(self, month: int) -> float:
        """In US dollars; months are counted from 0."""
        return round(self.before.usd[month] - self.after.usd[month], DIGITS)


@dataclass(frozen=True, slots=True)
class Change:
    """Of one bucket's rules: S3 had taken them by `at`, when they had been read back, or that had
    failed. `account` is the 12 digits of its owner.
    """

    bucket: str
    account: str
    region: str
    versioning: Versioning
    at: datetime
    before: RuleSet
    after: RuleSet


@dataclass(frozen=True, slots=True)
class Entry:
    """`inventory` is the manifest of what was there, if one was found, `made` when S3 listed it.
    Without a forecast, `missing` says why there is none. A `late` one is of an earlier run, which
    could not record it: S3 took the rules at some time before. `rollout` is the ID of the one that
    wrote the rules, if any, and `dropped` are those of the bucket's older entries, which are no
    longer kept.
    """

    change: Change
    inventory: str | None = None
    made: datetime | None = None
    forecast: Forecast | None = None
    missing: str = ""
    late: bool = False
    rollout: str | None = None
    dropped: tuple[str, ...] = ()

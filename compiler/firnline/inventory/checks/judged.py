"""The buckets of a forecast as checks see them: with the rules after the change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from firnline.inventory.forecast.change import Changed
from firnline.inventory.forecast.reads import BucketCells
from firnline.inventory.forecast.undecided import Contents
from firnline.inventory.forecast.usage import Fate, fates
from firnline.inventory.payback.balance import Payback
from firnline.inventory.payback.calendar import Calendar
from firnline.inventory.payback.moves import By
from firnline.inventory.payback.rates import quotes
from firnline.inventory.payback.reading import ColdRead, cold_reads
from firnline.inventory.prices.price_list import Prices
from firnline.rules.diff.owners import BucketConfig
from firnline.s3.billing import OVERHEAD, OVERHEAD_IN_STANDARD


class BucketAfter(NamedTuple):
    """`name` without account and region; `config` is that after the change."""

    name: str
    config: BucketConfig
    changed: Changed
    reads: BucketCells | None = None


class BilledTogether(NamedTuple):
    """One account and region, in which more bytes cost less each."""

    prices: Prices
    buckets: Sequence[BucketAfter]


class Watched(NamedTuple):
    """What surely happens in a bucket, for as long again as is forecast: not to keys of which facts
    leave open what the rules do to them.
    """

    name: str
    config: BucketConfig
    stored: tuple[Fate, ...]
    arriving: tuple[Fate, ...]
    payback: Payback
    prices: Prices
    reads: Mapping[By, ColdRead]


def watched(places: Iterable[BilledTogether], as_of: datetime, months: int) -> list[Watched]:
    found = []
    calendar = Calendar(as_of, months)
    begin, end = calendar.begin, calendar.midnights[-1]
    for prices, buckets in places:
        payback = Payback(quotes(prices, _most_bytes(buckets, (end - begin).days)), calendar)
        for name, config, changed, reads in buckets:
            under = changed.decided_after
            stored = tuple(fates(under.batch, under.stored, begin, end))
            arriving = tuple(fates(under.batch, under.arriving, begin, end))
            cold = cold_reads(under.batch, reads, prices) if reads else {}
            found.append(Watched(name, config, stored, arriving, payback, prices, cold))
    return found


_OVERHEAD = OVERHEAD.value + OVERHEAD_IN_STANDARD.value


def _most_bytes(buckets: Sequence[BucketAfter], days: int) -> int:
    """No more are ever billed at the price of one class."""
    stored = sum(_bytes(bucket.changed.stored) for bucket in buckets)
    return stored + days * sum(_bytes(bucket.changed.arriving) for bucket in buckets)


def _bytes(contents: Contents) -> int:
    volumes = [each.volume for group in contents.groups for each in group]
    return sum(volume.padded + volume.objects * _OVERHEAD for volume in volumes)

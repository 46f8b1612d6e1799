"""The forecast on one page: what is stored, rules, prices → usage and cost by month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from firnline.inventory.forecast.cost import Cost, Usd, cost, requests
from firnline.inventory.forecast.first_run import FirstRun, first_run
from firnline.inventory.forecast.groups import Group
from firnline.inventory.forecast.usage import Fate, MonthUsage, fates, usage
from firnline.inventory.prices.price_list import Prices
from firnline.s3.simulate.batch import Batch


class StoredUnder(NamedTuple):
    """What is stored in a bucket with such rules, and what is written into it every day."""

    batch: Batch
    stored: Sequence[Group]
    arriving: Sequence[Group] = ()


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is to come under one set of rules, month by month. `paid_on_first_run` is what the first
    run's transitions cost, by the class that they lead into.
    """

    first_run: FirstRun
    paid_on_first_run: Mapping[str, Usd]
    months: tuple[MonthUsage, ...]
    costs: tuple[Cost, ...]


def outlook(buckets: Iterable[StoredUnder], starts: Sequence[datetime], prices: Prices) -> Outlook:
    """Of buckets of one account and region: the more they store, the less a byte costs.

    `starts` are midnights: the rules act first at the first one, and between each and the next is
    a month. Raises `NoPrice`.
    """
    begin, end = starts[0], starts[-1]
    stored: list[Fate] = []
    arriving: list[Fate] = []
    for bucket in buckets:
        stored += fates(bucket.batch, bucket.stored, begin, end)
        arriving += fates(bucket.batch, bucket.arriving, begin, end)
    months = tuple(usage(stored, arriving, starts))
    run = first_run(stored, begin)
    return Outlook(
        run,
        {into: requests(into, volume, prices) for into, volume in run.transitions.items()},
        months,
        tuple(cost(each, prices) for each in months),
    )

"""What is stored in a bucket, month by month, what it costs, and what the first midnight does.

Each version of each key is followed on its own, day by day. Not for many objects: it is what the
forecast is compared with.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from itertools import pairwise

from tests.inventory.forecast.ledger import bill, law
from tests.inventory.forecast.ledger.bill import Prices
from tests.inventory.forecast.ledger.stored import Upload, World
from tests.inventory.forecast.ledger.walk import Event, Walk, What, walk


@dataclass(frozen=True)
class Month:
    """`bytes` by class at the end of the month; `usd` of the month, each charge and the `total`."""

    bytes: dict[str, int]
    usd: dict[str, Fraction]


@dataclass
class Amount:
    objects: int = 0
    bytes: int = 0
    usd: Fraction = Fraction(0)


@dataclass
class FirstRun:
    """What happens at the first midnight.

    `delete_markers` are added, with the bytes that they hide; `markers` are the expired ones that
    are removed. A null version that a null marker replaces is deleted, and so is an old marker.
    A transition's `usd` is for its request.
    """

    deleted: Amount = field(default_factory=Amount)
    delete_markers: Amount = field(default_factory=Amount)
    markers: Amount = field(default_factory=Amount)
    aborted: Amount = field(default_factory=Amount)
    transitions: dict[str, Amount] = field(default_factory=dict)


@dataclass(frozen=True)
class Ledger:
    months: tuple[Month, ...]
    first_run: FirstRun


def keep_ledger(world: World, prices: Prices, months: int) -> Ledger:
    begin = law.midnight_from(world.as_of)
    firsts = [(after_months(begin, number) - begin).days for number in range(months + 1)]
    walked = walk(world, firsts[-1])
    found = tuple(_month(walked, first, end, prices) for first, end in pairwise(firsts))
    return Ledger(found, _first_run(walked, prices))


def after_months(begin: datetime, months: int) -> datetime:
    """The same day of a later month, or that month's last day."""
    years, month = divmod(begin.month - 1 + months, 12)
    year, month = begin.year + years, month + 1
    return begin.replace(year=year, month=month, day=min(begin.day, monthrange(year, month)[1]))


def _month(walked: Walk, first: int, end: int, prices: Prices) -> Month:
    stored = [
        (times, day) for times, days in walked.days for day in days if first <= day.number < end
    ]
    usd = bill.storage(stored, end - first, prices)
    usd["transitions"] = usd["early_deletion"] = Fraction(0)
    for event in walked.events:
        if first <= event.day < end:
            usd["transitions"] += _for_transition(event, prices)
            usd["early_deletion"] += _for_early_deletion(event, prices)
    usd["total"] = sum(usd.values(), Fraction(0))
    at_end: Counter[str] = Counter()
    for times, day in stored:
        if day.number == end - 1:
            at_end[day.storage_class] += times * day.bytes
    return Month({each: size for each, size in at_end.items() if size}, usd)


def _for_transition(event: Event, prices: Prices) -> Fraction:
    if event.what is not What.MOVED:
        return Fraction(0)
    return bill.transition(event.into, event.times, prices)


def _for_early_deletion(event: Event, prices: Prices) -> Fraction:
    if isinstance(event.version, Upload) or event.version.marker:
        return Fraction(0)
    if event.what is What.MARKER_ADDED:
        return Fraction(0)
    return bill.early_deletion(event.left, event.version.size, event.stayed, event.times, prices)


def _first_run(walked: Walk, prices: Prices) -> FirstRun:
    run = FirstRun()
    for event in walked.events:
        if event.day == 0:
            amount = _amount_of(run, event)
            amount.objects += event.times
            amount.bytes += event.times * event.version.size
            amount.usd += _for_transition(event, prices)
    return run


def _amount_of(run: FirstRun, event: Event) -> Amount:
    match event.what:
        case What.MOVED:
            return run.transitions.setdefault(event.into, Amount())
        case What.DELETED | What.REPLACED if _is_marker(event):
            return run.markers
        case What.DELETED | What.REPLACED:
            return run.deleted
        case What.MARKER_ADDED:
            return run.delete_markers
        case What.MARKER_REMOVED:
            return run.markers
        case What.ABORTED:
            return run.aborted


def _is_marker(event: Event) -> bool:
    return not isinstance(event.version, Upload) and event.version.marker

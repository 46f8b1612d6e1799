"""What a ledger tells that is not within the bounds of a forecast."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from firnline.inventory.forecast.between import Between, Number
from firnline.inventory.forecast.bounded import NO_DOLLARS, NO_VOLUME, BoundedOutlook, BoundedVolume
from firnline.inventory.forecast.change import Change, break_even
from firnline.inventory.forecast.first_run import Happens
from tests.inventory.forecast.ledger.ledger import Amount, Ledger
from tests.inventory.forecast.test_forecast_agrees import CHARGES


def outside(found: Change, before: Ledger, after: Ledger) -> list[object]:
    """Each number with its bounds."""
    return [
        *_of_outlook(found.before, before),
        *_of_outlook(found.after, after),
        *_of_savings(found, before, after),
    ]


def _of_outlook(found: BoundedOutlook, ledger: Ledger) -> Iterator[object]:
    for number, month in enumerate(ledger.months):
        classes = found.by_class[number]
        for name in {*classes, *month.bytes}:
            stored = classes.get(name, NO_VOLUME).bytes
            yield from _outside(stored, month.bytes.get(name, 0), number, name)
        yield from _outside(found.stored[number].bytes, sum(month.bytes.values()), number, "all")
        for name in CHARGES:
            yield from _outside(getattr(found.costs[number], name), month.usd[name], number, name)
    for name in CHARGES:
        whole = sum((month.usd[name] for month in ledger.months), Fraction())
        yield from _outside(getattr(found.in_all, name), whole, "in all", name)
    run, told = ledger.first_run, found.first_run
    for happens, amount in (
        (Happens.DELETED, run.deleted),
        (Happens.DELETE_MARKERS, run.delete_markers),
        (Happens.MARKERS_REMOVED, run.markers),
        (Happens.ABORTED, run.aborted),
    ):
        yield from _amount_outside(told.happens[happens], amount, happens)
    for name in {*told.transitions, *run.transitions}:
        moved = run.transitions.get(name, Amount())
        yield from _amount_outside(told.transitions.get(name, NO_VOLUME), moved, name)
        yield from _outside(told.paid.get(name, NO_DOLLARS), moved.usd, "first run", name)


def _amount_outside(bounds: BoundedVolume, amount: Amount, *what: object) -> Iterator[object]:
    yield from _outside(bounds.objects, amount.objects, *what)
    yield from _outside(bounds.bytes, amount.bytes, *what)


def _of_savings(found: Change, before: Ledger, after: Ledger) -> Iterator[object]:
    so_far, sums = Fraction(), []
    for number, (old, new) in enumerate(zip(before.months, after.months, strict=True)):
        saved = old.usd["total"] - new.usd["total"]
        so_far += saved
        sums.append(so_far)
        yield from _outside(found.saved[number], saved, "saved", number)
        yield from _outside(found.saved_so_far[number], so_far, "saved so far", number)
    never = len(sums) + 2
    earliest, paid, latest = (
        never if month is None else month
        for month in (found.break_even.earliest, break_even(sums), found.break_even.latest)
    )
    yield from _outside(Between(earliest, latest), paid, "break-even")


def _outside(bounds: Between[Number], number: Number, *what: object) -> Iterator[object]:
    if not bounds.at_least <= number <= bounds.at_most:
        yield what, bounds, number

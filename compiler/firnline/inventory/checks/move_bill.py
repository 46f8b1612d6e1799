"""What does the first run pay once for transitions, and when has it saved that?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import Advise, SetKeys, Way
from firnline.inventory.checks.transition import (
    WORTH_TELLING,
    Moved,
    Transition,
    largest,
    leave_out,
    total,
)
from firnline.inventory.money import dollars

MOVE_BILL = Kind(
    code="FL505",
    name="move-bill",
    severity=Severity.WARNING,
    title="the first run's transitions cost more than they save in a month",
    why=(
        "When rules are put, all that is old enough moves at the next midnight, and the move of"
        " each object is paid at once (S3 pricing). `firnline forecast` and `firnline check"
        " --inventory` report it, with the month in which the moves have saved what they cost."
    ),
    help="accept the cost with a waiver, or move larger objects only, with `smallest_move`",
    wrong="retain: {runs: {prefix: runs/, archive_after: 30d, delete_after: never}}",
    right=(
        "retain: {runs: {prefix: runs/, archive_after: 30d, delete_after: never,"
        " smallest_move: 10MiB}}"
    ),
)


def check(transition: Transition) -> Iterator[Diagnostic]:
    """Of what pays at all: the rest is reported as FL501, FL503 and FL504."""
    first = [
        each for each in transition.moved if each.move.is_there and each.move.day == 0 and each.pays
    ]
    found = total(first)
    a_month = _saved(first, 1)
    if found.paid < WORTH_TELLING or found.paid <= a_month:
        return
    saves = found._replace(saved=a_month).saves
    month = _paid_back(first, transition.months)
    least = largest(each.pays_from(1) for each in first)
    yield MOVE_BILL.at(
        transition.where.place,
        f"{transition.where.by}moving {found.in_words} to {transition.into} costs"
        f" {dollars(found.paid)} once, and {saves} in the first month",
        notes=[
            *([f"it has saved what it costs in month {month}"] if month else ()),
            *([f"an object of {least} or more saves it within a month"] if least else ()),
        ],
        remedy=(
            *(way for way in leave_out(transition, least) if isinstance(way, SetKeys)),
            _accept(transition),
        ),
    )


def _accept(transition: Transition) -> Way:
    if transition.where.section is None:
        return Advise("accept the cost")
    return Advise("accept the cost with a waiver of FL505")


def _saved(first: Sequence[Moved], months: int) -> Fraction:
    """At best."""
    found = Fraction()
    for each in first:
        end = each.payback.end_of(each.move, months)
        found += each.payback.usd(each.payback.at_best(each.move, end).saved, each.volume)
    return found


def _paid_back(first: Sequence[Moved], months: int) -> int | None:
    """The month by whose end they have surely saved what they cost, and will not cost more."""
    for month in range(months, 0, -1):
        if _net(first, month) < 0:
            return month + 1 if month < months else None
    return 1


def _net(first: Sequence[Moved], months: int) -> Fraction:
    found = Fraction()
    for each in first:
        end = each.payback.end_of(each.move, months)
        balance = each.payback.at_worst(each.move, end)
        found += each.payback.usd(balance.net, each.volume)
    return found

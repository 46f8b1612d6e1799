"""Does a change pay: what does it cost once, what does it save a month, and from when on?"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import reduce

from firnline.diagnostics.how_many import how_many
from firnline.inventory.forecast.between import Between
from firnline.inventory.forecast.bounded import NO_DOLLARS, BoundedOutlook
from firnline.inventory.forecast.change import Change
from firnline.inventory.money import dollars
from firnline.targets.between import dollars_between


def verdict(change: Change) -> str:
    """One sentence."""
    return "; ".join(_parts(change))


def _parts(change: Change) -> Iterator[str]:
    once = " and ".join(_once(change))
    if once:
        yield f"once, the change pays {once}"
    months = len(change.saved)
    yield f"in month {months} {'it' if once else 'the change'} {_difference(change.saved[-1])}"
    if pays := _pays(change, how_many(months, "month")):
        yield pays


def _once(change: Change) -> Iterator[str]:
    """More than without it."""
    before, after = change.before, change.after
    moves = _less(_requests(after), _requests(before))
    early = _less(after.costs[0].early_deletion, before.costs[0].early_deletion)
    if moves.at_most > 0:
        yield f"{_at_least_nothing(moves)} for transitions in the first run"
    if early.at_most > 0:
        yield f"{_at_least_nothing(early)} for early deletion in the first month"


def _requests(side: BoundedOutlook) -> Between[Fraction]:
    return reduce(Between.plus, side.first_run.paid.values(), NO_DOLLARS)


def _at_least_nothing(amount: Between[Fraction]) -> str:
    return dollars_between(Between(max(amount.at_least, Fraction()), amount.at_most))


def _less(one: Between[Fraction], other: Between[Fraction]) -> Between[Fraction]:
    return Between(one.at_least - other.at_most, one.at_most - other.at_least)


def _difference(saved: Between[Fraction]) -> str:
    if saved.at_least >= 0 and saved.at_most > 0:
        return f"saves {dollars_between(saved)}"
    if saved.at_most <= 0 and saved.at_least < 0:
        return f"costs {dollars_between(_negative(saved))} more"
    if saved.is_exact:
        return "costs the same"
    more = dollars(-saved.at_least)
    return f"costs up to {more} more, or saves up to {dollars(saved.at_most)}"


def _pays(change: Change, months: str) -> str:
    so_far = change.saved_so_far[-1]
    saves = f"{dollars_between(so_far)} within {months}" if so_far.at_least > 0 else ""
    match change.break_even:
        case (None, _):
            more = dollars_between(_negative(so_far))
            return f"it never pays back within {months}: by then it has cost {more} more"
        case (1, 1):
            return f"it saves from the first month on: {saves}" if saves else ""
        case (earliest, None):
            return f"it may have paid back in month {earliest}, or not within {months}"
        case (earliest, latest) if earliest == latest:
            when = f"in month {latest}"
        case (earliest, latest):
            when = f"in one of the months {earliest} to {latest}"
    return f"it has paid back {when}" + (f", and saves {saves}" if saves else "")


def _negative(amount: Between[Fraction]) -> Between[Fraction]:
    return Between(-amount.at_most, -amount.at_least)

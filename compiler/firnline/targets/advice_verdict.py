"""Advice in a few lines: what a month costs today and after, what is saved, when it pays back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from firnline.diagnostics.how_many import how_many
from firnline.inventory.advice.advice import Advice
from firnline.inventory.forecast.between import Between
from firnline.inventory.forecast.bounded import BoundedCost
from firnline.inventory.forecast.reads import ReadCosts
from firnline.inventory.money import dollars
from firnline.targets.between import dollars_between
from firnline.targets.forecast_verdict import verdict as verdict_of
from firnline.targets.patch import apply_command


def verdict(advice: Advice) -> Iterator[str]:
    yield from summary(advice)
    if advice.covered:
        yield _changed(advice)
    for each in advice.notes:
        yield f"note: {each}"
    if advice.draft.header.owner is None and not advice.draft.is_empty:
        yield (
            "note: no --owner was given: write the team that answers for what is deleted into the"
            " policy, as `firnline check` warns until then (FL614)"
        )


def _changed(advice: Advice) -> str:
    new = "" if advice.draft.is_empty else f", and {advice.path} is new"
    changes = how_many(len(advice.changes), "retention")
    apply = f" (apply with `{apply_command(advice.path)}`)" if advice.changes or new else ""
    return f"policies cover it already: {changes} would change{new}{apply}"


def standing(advice: Advice) -> Iterator[str]:
    """What it stands on, and all that is said of the whole."""
    forecast = advice.forecast
    as_of = f"{forecast.as_of:%Y-%m-%d %H:%M} UTC"
    yield f"Proposed by `firnline advise` as of {as_of}, by what is stored:"
    yield from forecast.facts
    yield from (f"prices of {each.in_words}" for each in forecast.prices)
    yield from summary(advice)
    if advice.worths.lines:
        yield (
            "the dollars beside a line are what it saves on top of the lines that were added before"
            " it: together they are what the whole saves"
        )
    yield from (each for each in advice.notes if each not in forecast.facts)


def summary(advice: Advice) -> Iterator[str]:
    change = advice.forecast.change
    before, after = change.before.costs, change.after.costs
    months = how_many(len(change.saved), "month")
    yield (
        f"{advice.draft.header.bucket} costs {dollars(advice.usd_a_month)} a month today; with what"
        f" is proposed {_first_and_last(after)}, without it {_first_and_last(before)}"
    )
    saved, reads = change.saved_so_far[-1], advice.forecast.reads
    yield verdict_of(change)
    if reads is not None and (costs := _reads(reads)):
        without, then = costs
        both = Between(without.at_least - then.at_most, without.at_most - then.at_least)
        less = Between(both.at_least * len(change.saved), both.at_most * len(change.saved))
        yield (
            f"that is without reads, which cost {dollars_between(then)} a month with this, and"
            f" {dollars_between(without)} without it, if they go on as in the logs: with them, it"
            f" saves {dollars_between(saved.plus(less))} in {months}"
        )
    if not change.is_exact:
        yield "what is stored is not told exactly: the dollars of single lines are estimates"


def _first_and_last(months: Sequence[BoundedCost]) -> str:
    first, last = (dollars_between(each.total) for each in (months[0], months[-1]))
    if first == last:
        return f"{first} in month 1, and in month {len(months)} too"
    return f"{first} in month 1 and {last} in month {len(months)}"


def _reads(found: ReadCosts) -> tuple[Between[Fraction], Between[Fraction]] | None:
    """A month, without the proposal and with it; None where a price is not known."""
    without, then = found.before.usd, found.after.usd
    return None if without is None or then is None else (without, then)

"""Advice in a few lines: what a month costs today and after, what is saved, when it pays back."""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.how_many import how_many
from firnline.inventory.advice.advice import Advice
from firnline.targets.between import dollars_between
from firnline.targets.forecast_verdict import verdict as verdict_of


def verdict(advice: Advice) -> Iterator[str]:
    yield from summary(advice)
    for each in advice.notes:
        yield f"note: {each}"


def summary(advice: Advice) -> Iterator[str]:
    change = advice.forecast.change
    before, after = change.before.costs, change.after.costs
    months = how_many(len(change.saved), "month")
    yield (
        f"{advice.draft.header.bucket} costs {dollars_between(before[0].total)} a month today;"
        f" in month {len(change.saved)} {dollars_between(after[-1].total)} with this policy, and"
        f" {dollars_between(before[-1].total)} without it"
    )
    yield f"it saves {dollars_between(change.saved_so_far[-1])} in {months}: {verdict_of(change)}"

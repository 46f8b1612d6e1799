"""Dollars of a report in words, and of which buckets they are not known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from firnline.inventory.portions.dollars import Dollars
from firnline.targets.between import dollars_between
from firnline.targets.report.model import Report

NOT_KNOWN: Final = "not known"
_NAMED: Final = 20


def dollars_of(total: Dollars) -> str:
    """Such as `$3.00`, or `$3.00*` where it leaves out what `left_out` says."""
    if total.amount is None:
        return NOT_KNOWN
    return dollars_between(total.amount) + ("*" if total.without else "")


def left_out(totals: Iterable[Dollars]) -> list[str]:
    """A line below a table, where one of its totals has such a mark."""
    partial = [each.without for each in totals if each.amount is not None]
    names = sorted(frozenset().union(*partial))
    return [f"* Without {first_names(names)}: cost not known."] if names else []


def why_not_known(report: Report) -> Iterator[str]:
    """Once for each reason, whichever buckets it is of."""
    buckets: dict[str, list[str]] = defaultdict(list)
    for each in report.unpriced:
        buckets[str(each.why)].append(each.bucket)
    for why, names in buckets.items():
        if report.has_dollars or len(buckets) > 1:
            yield f"Cost of {first_names(sorted(names))} not known, so no total has it: {why}."
        else:
            yield f"Cost not known: {why}."


def first_names(names: Sequence[str], most: int = _NAMED) -> str:
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more

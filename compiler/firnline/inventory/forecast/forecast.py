"""A forecast of two sets of rules, as it is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

from firnline.diagnostics.kinds import Diagnostic, Waived
from firnline.inventory.forecast.arrivals import Arrives
from firnline.inventory.forecast.change import Change
from firnline.inventory.forecast.not_counted import NotCounted
from firnline.inventory.forecast.reads import ReadCosts
from firnline.inventory.forecast.rule_of_thumb import RuleOfThumb
from firnline.inventory.prices.price_list import Prices


@dataclass(frozen=True, slots=True)
class Forecast:
    """`starts` are the midnights at which its months begin, and at which the last one ends. `facts`
    are lines that say what it stands on, and what was assumed; `arrives` is what counts as written.
    `diagnostics` are about the rules after the change, and none of what is `waived`.
    `rule_of_thumb` where it was asked for, `reads` where they are known: they are not in the costs.
    `about_reads` are those of the facts that say what is known of them.
    """

    buckets: tuple[str, ...]
    as_of: datetime
    starts: tuple[datetime, ...]
    prices: tuple[Prices, ...]
    change: Change
    facts: tuple[str, ...]
    not_counted: tuple[NotCounted, ...]
    arrives: tuple[Arrives, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    waived: tuple[Waived, ...] = ()
    rule_of_thumb: RuleOfThumb | None = None
    reads: ReadCosts | None = None
    about_reads: tuple[str, ...] = ()


def together(found: Iterable[Change]) -> Change:
    """Of buckets in several accounts or regions; of one at least."""
    return reduce(Change.plus, found)

"""What was found by the names in prefixes alone, and what keys tell instead of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from firnline.consumers.found import Evidence
from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import sort_key
from firnline.rules.at_risk.findings import finding
from firnline.rules.at_risk.risks import AtRisk

_Where = tuple[str, str, int, int]
Said = tuple[_Where, str]
"""Where something is found, and its message."""


class ByKeys(NamedTuple):
    """What is `found` by keys. With them it is `decided` that some of what prefixes look like is
    not there.
    """

    found: tuple[Diagnostic, ...] = ()
    decided: frozenset[Said] = frozenset()

    def left_of(self, told: Iterable[Diagnostic]) -> list[Diagnostic]:
        """What keys do not tell again, or better."""
        again = {_where(each) for each in self.found}
        return [
            each
            for each in told
            if (where := _where(each)) not in again and (where, each.message) not in self.decided
        ]


def seeming(named: Iterable[AtRisk]) -> frozenset[Said]:
    """What is said of those that prefixes only look like."""
    told = (finding(each) for each in named if each.evidence is not Evidence.SHOWN)
    return frozenset((_where(each), each.message) for each in told)


def _where(found: Diagnostic) -> _Where:
    """The same for a file that is read twice, whose places are not equal."""
    return (found.kind.code, *sort_key(found.place))

"""What is found when policies are compared with what is stored in their buckets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from firnline.diagnostics.kinds import Diagnostic
from firnline.inventory.checks import (
    below_floor,
    matches_nothing,
    stale_inventory,
    tag_unseen,
    unmatched,
)
from firnline.inventory.checks.seen import Seen
from firnline.s3.terms import Days

CHECKS: Final[tuple[Callable[[Seen], Iterator[Diagnostic]], ...]] = (
    below_floor.check,
    matches_nothing.check,
    tag_unseen.check,
    unmatched.check,
)


def stored_findings(seen: Seen, today: date, max_age: Days) -> Iterator[Diagnostic]:
    """With what the policies waive. Facts that are older are reported as stale."""
    for check in CHECKS:
        yield from check(seen)
    yield from stale_inventory.check(seen, today, max_age)

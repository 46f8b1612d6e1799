"""What is found when policies are compared with what is stored in their buckets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from firnline.diagnostics.kinds import Diagnostic
from firnline.inventory.checks import below_floor, matches_nothing, tag_unseen, unmatched
from firnline.inventory.checks.seen import Seen

CHECKS: Final[tuple[Callable[[Seen], Iterator[Diagnostic]], ...]] = (
    below_floor.check,
    matches_nothing.check,
    tag_unseen.check,
    unmatched.check,
)


def stored_findings(seen: Seen) -> Iterator[Diagnostic]:
    """With what the policies waive."""
    for check in CHECKS:
        yield from check(seen)

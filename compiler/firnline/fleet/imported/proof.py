"""Does what a policy compiles to mean what the rules meant, and where not?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.fleet.imported.acting import Acting
from firnline.fleet.imported.model import Relation
from firnline.fleet.imported.obstacles import Spot
from firnline.s3.compare.difference import Difference, Facts
from firnline.s3.compare.same import differences
from firnline.s3.model import RuleSet
from firnline.s3.scope import Scope


def relation(before: RuleSet, after: RuleSet, facts: Facts) -> Relation | tuple[Difference, ...]:
    """The differences, where more than empty objects are concerned. Raises `NotAnalysed`."""
    if next(differences(before, after, facts), None) is None:
        return Relation.SAME
    apart = tuple(differences(before, after, facts, with_empty=False))
    return apart or Relation.BUT_FOR_EMPTY_OBJECTS


def spots_of(difference: Difference, acting: Acting) -> Iterator[Spot]:
    """The narrowest scopes that hold the cell."""
    prefix, tags, size = difference.cell
    cell = Scope(prefix, tags, max(size, 1), max(size, 1))
    over = [scope for scope in acting.scopes if scope.holds(cell)]
    for scope in over:
        if not any(scope is not other and scope.holds(other) for other in over):
            yield scope, difference.state.clock

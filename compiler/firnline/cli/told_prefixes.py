"""Below which prefixes of a bucket does a report say what is stored?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from firnline.cli.advised_prefixes import folders_in
from firnline.cli.stored import StoredIn
from firnline.rules.kept_acts import acting
from firnline.rules.program import Program
from firnline.s3.model import Filter, Rule, RuleSet
from firnline.s3.terms import Clock

_DEPTH: Final = 2


def told_prefixes(program: Program | None, stored: Iterable[StoredIn]) -> tuple[str, ...]:
    """Those of the policies, of kept rules, and of what is stored. Raises `CommandFailed`."""
    said = {unit.scope.prefix for unit in program.units} if program else set()
    said |= {rule.filter.prefix for rule in acting(program.kept, Clock)} if program else set()
    return tuple(sorted({"", *said, *(each for one in stored for each in folders_in(one, _DEPTH))}))


def told_apart(prefixes: Iterable[str]) -> RuleSet:
    """Rules that do nothing, so that what lies below one of the prefixes is told from the rest."""
    return RuleSet(tuple(Rule(each, Filter(each)) for each in prefixes))

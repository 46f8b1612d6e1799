"""Does a rule archive or delete what a reader cannot do without, by the names in prefixes?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from firnline.consumers.found import of_prefixes
from firnline.diagnostics.kinds import Diagnostic
from firnline.lint.placed import AcceptedConfiguration, Action
from firnline.rules.at_risk.findings import finding
from firnline.rules.at_risk.risks import Risk, at_risk
from firnline.rules.threats import Loss, Threat, is_out_of_reach
from firnline.s3.scope import NO_LIMIT, Scope
from firnline.s3.terms import Clock, Days


def check(configuration: AcceptedConfiguration) -> Iterator[Diagnostic]:
    found = of_prefixes(placed.scope.prefix for placed in configuration.rules)
    if found:
        yield from map(finding, at_risk(risks(configuration), found))


def risks(configuration: AcceptedConfiguration) -> Iterator[Risk]:
    for action in configuration.actions:
        if action.atom.clock is Clock.OBJECTS:
            yield from _risk(configuration, action)
        elif action.atom.clock is Clock.NONCURRENT_VERSIONS and not action.atom.newest:
            for each in _risk(configuration, action) if configuration.may_keep_versions else ():
                yield replace(each, of_old=True)


def _risk(configuration: AcceptedConfiguration, action: Action) -> Iterator[Risk]:
    atom, target = action.atom, action.atom.target
    if target is not None and not is_out_of_reach(target):
        return
    most = None if atom.at_most >= NO_LIMIT else atom.at_most
    scope = Scope(action.scope.prefix, atom.tags, atom.at_least, most)
    yield Risk(
        Threat(
            Loss.DELETED if target is None else Loss.ARCHIVED,
            date.fromordinal(atom.day) if atom.dated else Days(atom.day),
            scope,
            configuration.span(action),
            action.scope.is_filtered,
            target,
        )
    )

"""Does a rule archive or delete what a reader cannot do without, by the names in prefixes?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from firnline.consumers.found import of_prefixes
from firnline.diagnostics.kinds import Diagnostic
from firnline.lint.placed import AcceptedConfiguration, Action
from firnline.rules.at_risk.findings import finding
from firnline.rules.at_risk.risks import TIERED, AtRisk, Risk, at_risk
from firnline.rules.threats import Loss, Threat, is_out_of_reach
from firnline.s3.scope import NO_LIMIT, Scope
from firnline.s3.terms import Clock, Days


def check(configuration: AcceptedConfiguration) -> Iterator[Diagnostic]:
    yield from map(finding, named_at_risk(configuration))


def named_at_risk(configuration: AcceptedConfiguration) -> tuple[AtRisk, ...]:
    found = of_prefixes(placed.scope.prefix for placed in configuration.rules)
    return at_risk(risks(configuration), found) if found else ()


def risks(configuration: AcceptedConfiguration, *, tiering: bool = False) -> Iterator[Risk]:
    """With `tiering` also moves of objects to INTELLIGENT_TIERING, which may have archive tiers."""
    for action in configuration.actions:
        if action.atom.clock is Clock.OBJECTS:
            yield from _risk(configuration, action)
            if tiering and action.atom.target in TIERED:
                yield Risk(_threat(configuration, action, Loss.ARCHIVED))
        elif action.atom.clock is Clock.NONCURRENT_VERSIONS and not action.atom.newest:
            for each in _risk(configuration, action) if configuration.may_keep_versions else ():
                yield each._replace(of_old=True)


def _risk(configuration: AcceptedConfiguration, action: Action) -> Iterator[Risk]:
    target = action.atom.target
    if target is None:
        yield Risk(_threat(configuration, action, Loss.DELETED))
    elif is_out_of_reach(target):
        yield Risk(_threat(configuration, action, Loss.ARCHIVED))


def _threat(configuration: AcceptedConfiguration, action: Action, loss: Loss) -> Threat:
    atom = action.atom
    most = None if atom.at_most >= NO_LIMIT else atom.at_most
    return Threat(
        loss,
        date.fromordinal(atom.day) if atom.dated else Days(atom.day),
        Scope(action.scope.prefix, atom.tags, atom.at_least, most),
        configuration.span(action),
        action.scope.is_filtered,
        atom.target,
    )

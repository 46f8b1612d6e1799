"""Where do the policies say what a rule does, and what can be changed there?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from firnline.diagnostics.position import BucketPlace, Place, Span
from firnline.diagnostics.remedy import Section
from firnline.diagnostics.visible import visible
from firnline.inventory.payback.moves import By
from firnline.language.model import Clocks, Policy, Retention, TierTransition, Timeline
from firnline.language.said import Said
from firnline.language.units import After
from firnline.rules.diff.owners import BucketConfig
from firnline.rules.program import Program
from firnline.rules.retention_of import retention_of
from firnline.s3.model import Rule
from firnline.s3.terms import Clock


class Where(NamedTuple):
    """`move` is the step in a policy, with the `timeline` that it is of, and `retention` what it
    stands in. Of rules without a policy `rule` alone is known, the name of one of them.
    """

    place: Place
    rule: str
    move: TierTransition | None = None
    timeline: Timeline | None = None
    retention: Retention | None = None

    @property
    def section(self) -> Section | None:
        if self.retention is None:
            return None
        name = self.retention.name.value
        return Section(self.retention.span, name, f"`{name}`")

    @property
    def by(self) -> str:
        """For the head of a message: what does it, where the place does not show that."""
        return "" if isinstance(self.place, Span) else f"rule `{visible(self.rule)}`: "


def where(config: BucketConfig, bucket: str, by: By) -> Where:
    """`bucket` is its name."""
    name = min(rule.id for rule in by.rules)
    theirs = config.program.kept if config.program else config.kept
    ours = [rule for rule in by.rules if rule not in theirs]
    found = _in_policies(config.program, ours, by) if config.program else None
    return found or Where(BucketPlace(bucket), name)


def _in_policies(program: Program, ours: Sequence[Rule], by: By) -> Where | None:
    """Of several retentions of which the rules are, the first by name."""
    named = {name: rule.id for rule in ours if (name := retention_of(rule.id))}
    for policy, retention, name in _settings(program):
        line = _timeline(policy, retention, by.clock) if name in named else None
        if line is not None and (place := _step(line, by.into)):
            move = place if isinstance(place, TierTransition) else None
            return Where(place.span, named[name], move, line, retention)
    return None


def _step(line: Timeline, into: str | None) -> TierTransition | Said[After] | None:
    if into is None:
        return line.delete
    return next((move for move in line.moves if move.storage_class == into), None)


def _settings(program: Program) -> Iterator[tuple[Policy, Retention | None, str]]:
    """With the names that their rules have."""
    for policy in program.policies:
        name = policy.name.value
        for retention in policy.retentions:
            yield policy, retention, f"{name}/{retention.name.value}"
        yield policy, None, name


def _timeline(policy: Policy, retention: Retention | None, clock: Clock) -> Timeline | None:
    clocks: Clocks = retention.clocks if retention else policy.whole_bucket
    return clocks.objects if clock is Clock.OBJECTS else clocks.old_versions
